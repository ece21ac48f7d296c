import { type Cast, filled, type House, ownerOf, personOf, shaOf } from "./cast.ts";
import { checksAt } from "./record-checks.ts";
import { ledgerOf, lookAt } from "./record.ts";
import type { Letter } from "./postman.ts";
import type { Step } from "./script.ts";
import { until } from "./calm.ts";

type Doing<V extends keyof Step> = (house: House, cast: Cast, what: NonNullable<Step[V]>) => unknown;

const accounts = {
  async "rename person"({ theatre }, cast, { who, to }) {
    const person = personOf(cast, who);
    await theatre.github.admin.renameUser(person.login, to + cast.tag);
    person.login = to + cast.tag;
  },
  async "rename repository"({ theatre }, cast, { to }) {
    await theatre.github.admin.renameRepository(ownerOf(cast), cast.repo, to);
    cast.repo = to;
  },
  transfer: ({ theatre }, cast, { to }) =>
    theatre.github.admin.transferRepository(ownerOf(cast), cast.repo, personOf(cast, to).login),
  rights({ theatre }, cast, { who, level }) {
    const { login } = personOf(cast, who);
    const { admin } = theatre.github;
    if (level === "none") admin.removeCollaborator(ownerOf(cast), cast.repo, login);
    else admin.addCollaborator(ownerOf(cast), cast.repo, { login, level });
  },
  queue: ({ theatre }, cast, { branch }) =>
    theatre.github.admin.protectBranch(ownerOf(cast), cast.repo, branch, {
      checks: ["millwright"],
      queue: true,
    }),
  uninstall: ({ theatre }, cast) => theatre.github.admin.uninstall(cast.installation),
} satisfies Partial<{ [V in keyof Step]: Doing<V> }>;

const post = {
  hold: ({ postman }, { id }) => postman.hold(id),
  async release({ postman }, { id }, { how }) {
    const held = postman.take(id);
    const chosen = {
      "in order": held,
      reversed: held.toReversed(),
      twice: held.flatMap((one) => [one, one]),
      never: [],
    }[how];
    for (const letter of chosen) await postman.hand(letter);
  },
  async redeliver({ postman }, cast, { event, action }) {
    await postman.hand(newest(postman.of(cast.id), event, action));
  },
  async pretend({ postman, theatre }, cast, { event, action, set, drop, body, forged }) {
    const like = newest(postman.of(cast.id), event, action);
    const secret = forged ? "not the secret" : theatre.secrets.WEBHOOK_SECRET;
    await postman.invent(like, body ?? changed(cast, like.body, { set, drop }), secret);
  },
} satisfies Partial<{ [V in keyof Step]: Doing<V> }>;

const trouble = {
  fault: ({ theatre }, _, fault) => theatre.github.admin.fault({ ...fault, message: "Server Error" }),
  break: ({ broken }, { id }) => void broken.add(id),
  mend: ({ broken }, { id }) => void broken.delete(id),
  redrive: ({ theatre }) => theatre.stack.host.redrive("EventsQueue"),
} satisfies Partial<{ [V in keyof Step]: Doing<V> }>;

const builds = {
  direct: ({ prompter }, { id }, rules) => prompter.direct(id, rules),
  "let go": ({ prompter }, { id }, { attempt }) => prompter.letGo(id, attempt),
  async look(house, cast, { as, ledger }) {
    const look = await lookAt(cast);
    cast.looks.set(as, ledger ? { ledger: await ledgerOf(house, cast), ...look } : look);
  },
  until({ theatre, prompter }, cast, what) {
    if ("dead" in what)
      return until(
        `${what.dead} dead letters`,
        async () => (await theatre.state.deadLetters()) === what.dead,
      );
    if ("held" in what)
      return until(`a held build ${what.held}`, async () =>
        prompter.held(cast.id).some((one) => one.includes(what.held)),
      );
    const { check, at, says } = what;
    return until(`${check} saying ${says}`, async () =>
      (await checksAt(cast, shaOf(cast, at))).some(
        ({ name, title, conclusion, status }) =>
          name === check && [title, conclusion, status].some((word) => word?.includes(says)),
      ),
    );
  },
} satisfies Partial<{ [V in keyof Step]: Doing<V> }>;

/** What happens out of sight: accounts, the post, trouble, and builds. */
export const hiddenActs = { ...accounts, ...post, ...trouble, ...builds };

function newest(letters: readonly Letter[], event: string, action: string | undefined): Letter {
  const found = letters.findLast(
    (one) => one.event === event && (action === undefined || one.action === action),
  );
  if (!found) throw new Error(`there was no delivery ${event} ${action ?? ""}`);
  return found;
}

function changed(
  cast: Cast,
  body: string,
  { set, drop }: { readonly set: Readonly<Record<string, unknown>>; readonly drop: readonly string[] },
): string {
  const payload: unknown = JSON.parse(body);
  for (const path of drop) delete inside(payload, path)[path.split(".").at(-1) ?? ""];
  for (const [path, value] of Object.entries(set)) {
    const text = typeof value === "string" ? filled(cast, value) : value;
    const isId = path.endsWith("id") && typeof text === "string";
    inside(payload, path)[path.split(".").at(-1) ?? ""] = isId ? Number(text) : text;
  }
  return JSON.stringify(payload);
}

const inside = (payload: unknown, path: string): Record<string, unknown> =>
  path
    .split(".")
    .slice(0, -1)
    .reduce((at, key) => at[key] as Record<string, unknown>, payload as Record<string, unknown>);
