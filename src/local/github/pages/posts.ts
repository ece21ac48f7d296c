import type { Hono } from "hono";
import { rerequestSuite } from "../check-suites.ts";
import { clicks } from "../clicks.ts";
import { tokenOf } from "../people.ts";
import { dequeue, enqueue, setDraft } from "../pull-clicks.ts";
import { found, refuse } from "../refusal.ts";
import type { Repository, User } from "../state.ts";
import { fullName, type World } from "../world.ts";
import { homeOfRun, runOf } from "./check-page.ts";
import type { Visit } from "./layout.ts";
import { mayWrite, visitPull } from "./pull-frame.ts";

/** A form that was sent. */
export interface Post {
  readonly visit: Visit;
  readonly repository: Repository;
  /** The last word of the address. */
  readonly verb: string;
  /** Of the pull request, run or suite. */
  readonly id: number;
  readonly field: (name: string) => string;
}

/** What a form does; answers the address of the page that shows it done. */
export type Handle = (post: Post) => Promise<string>;

const personOf = ({ visit }: Post): User => {
  if (!visit.person) throw refuse(401, "Choose first whom you act as.");
  return visit.person;
};

const writerOf = (post: Post): User => {
  const person = personOf(post);
  if (!mayWrite(post.visit, post.repository))
    throw refuse(403, `${person.login} may not write to this repository.`);
  return person;
};

/** What the API offers, forms do by the API: the same rules hold, and the same events follow. */
const callAs =
  (world: World, api: Hono) =>
  async (user: User, route: string, body: unknown): Promise<void> => {
    const [method = "", path = ""] = route.split(" ");
    const headers = {
      authorization: `token ${tokenOf(world, user)}`,
      "content-type": "application/json",
    };
    const response = await api.request(path, { method, headers, body: JSON.stringify(body) });
    if (response.ok) return;
    const { message } = (await response.json()) as { message: string };
    throw refuse(response.status, message);
  };

/** The forms of a pull request's pages. */
export const pullPosts = (world: World, api: Hono): Handle => {
  const call = callAs(world, api);
  return async (post) => {
    const { visit, repository, verb, id, field } = post;
    const { issue, href } = visitPull(visit, repository, id);
    const name = fullName(world, repository);
    const by = personOf(post);
    if (verb === "comment")
      await call(by, `POST /repos/${name}/issues/${id}/comments`, { body: field("body") });
    else if (verb === "state") await call(by, `PATCH /repos/${name}/pulls/${id}`, { state: field("state") });
    else if (verb === "merge") await call(by, `PUT /repos/${name}/pulls/${id}/merge`, {});
    else if (verb === "draft") {
      const draft = field("draft") === "yes";
      await world.lock(repository.id, () => setDraft(world, issue, { draft, by: writerOf(post) }));
    } else if (verb === "queue") {
      const move = field("queue") === "yes" ? enqueue : dequeue;
      await move(world, issue, writerOf(post));
    } else throw refuse(404, "Not Found");
    return href;
  };
};

/** The buttons of a check run: `rerun`, and what the app offers. */
export const runPosts: Handle = async (post) => {
  const { visit, repository, verb, id, field } = post;
  const { world } = visit;
  const run = runOf(world, repository, id);
  const { login } = writerOf(post);
  const click = clicks(world);
  if (verb === "rerun") await click.rerunCheck(run.id, login);
  else if (verb === "action") await click.pressButton(run.id, field("identifier"), login);
  else throw refuse(404, "Not Found");
  return homeOfRun(world, repository, run);
};

export const suitePosts: Handle = async (post) => {
  const { world } = post.visit;
  const suite = found(
    world.state.suites.find((one) => one.id === post.id && one.repository === post.repository.id),
  );
  await rerequestSuite(world, suite, writerOf(post));
  const run = world.state.runs.find((one) => one.suite === suite.id);
  return run
    ? homeOfRun(world, post.repository, run)
    : `/${fullName(world, post.repository)}/commit/${suite.sha}`;
};
