import { growth } from "../../pipelines/boot/budget.ts";
import { type Booted, MILESTONES, type Milestone, type Reached } from "../../pipelines/boot/booted.ts";
import type { CameUp } from "../../pipelines/boot/verdict.ts";
import { code } from "../markdown/markdown.ts";

/** What is said of how images come up. */

const REACHED: Readonly<Record<Milestone, string>> = {
  kernel: "The kernel speaks",
  init: "init runs",
  network: "The network is up",
  login: "Login",
  ok: "The test unit says ok",
};

const seconds = (value: number): string => `${value.toFixed(1)} s`;

const percent = (value: number): string => `${Math.abs(value).toFixed(0)} %`;

const OVER: Readonly<Record<Booted["over"][number]["what"], (is: number, allowed: number) => string>> = {
  seconds: (is, allowed) => `${seconds(is)} to login, ${seconds(allowed)} are allowed`,
  slower: (is, allowed) => `${percent(is)} slower than the last release, ${percent(allowed)} are allowed`,
};

const overSaid = (over: Booted["over"]): string =>
  over.map(({ what, is, allowed }) => OVER[what](is, allowed)).join("; ");

/** Why a check failed, and what a plot calls the boot that it is drawn for. */
export const boots = {
  missed: (said: Missed): string =>
    "complaint" in said
      ? `The test unit complains: ${said.complaint}`
      : [`${MISSED[said.missed]} The console's last lines:`, ...said.lines].join("\n"),
  over: ({ over, slowest }: Pick<Booted, "over" | "slowest">): string =>
    [
      `It is over its budget: ${overSaid(over)}.`,
      ...slowest.map(({ unit, seconds: took }) => `${seconds(took)} ${unit}`),
    ].join("\n"),
  thisOne: "this one",
} as const;

type Missed = Extract<CameUp, { readonly missed: string }>;

const MISSED = {
  login: "It did not come up to a login.",
  "warm login": "It came up once, and not a second time.",
  ok: "It came up to its login, but the test unit did not say ok.",
} as const;

/** The line in the list of checks. */
export const bootTitle = ({ first, warm, over }: Booted): string =>
  `It boots in ${seconds(first.login ?? 0)}${warm?.login === undefined ? "" : `, once more in ${seconds(warm.login)}`}${over.length > 0 ? ": over its budget" : ""}`;

/** The times as a table, what is over the budget, what was slowest. */
export function bootSummary(booted: Booted, plot: string | undefined): string {
  const { before, over, slowest, accelerator, machine } = booted;
  const rows = MILESTONES.flatMap((milestone) => row(milestone, booted) ?? []);
  const head = ["Since it was switched on", "First boot", "Once more", "Against the last release"];
  const like = `Booted on ${code(machine)} under ${code(accelerator)}; ${alike(before)}.`;
  const table = [`| ${head.join(" | ")} |`, "| --- | --- | --- | --- |", ...rows].join("\n");
  const startup = booted.startup === undefined ? "" : `systemd says ${seconds(booted.startup)} in all.`;
  const units = slowest.map(({ unit, seconds: took }) => `- ${code(unit)}: ${seconds(took)}`);
  const parts = [
    over.length > 0 ? `**Over its budget:** ${overSaid(over)}.` : "",
    table,
    [like, startup].filter((part) => part !== "").join(" "),
    units.length > 0 ? ["The slowest units:", "", ...units].join("\n") : "",
    plot === undefined ? "" : `[![All of its boots, drawn](${plot})](${plot})`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function alike(before: Booted["before"]): string {
  if (!before) return "nothing like it was booted before";
  return `the last release${before.number === undefined ? "" : `, ${code(before.number)},`} was booted alike`;
}

function row(milestone: Milestone, { first, warm, before }: Booted): string | undefined {
  if (first[milestone] === undefined && warm?.[milestone] === undefined) return undefined;
  const against = milestone === "login" ? difference(before?.first, first) : "";
  return `| ${REACHED[milestone]} | ${cell(first[milestone])} | ${cell(warm?.[milestone])} | ${against} |`;
}

const cell = (value: number | undefined): string => (value === undefined ? "" : seconds(value));

function difference(before: Reached | undefined, now: Reached): string {
  const by = growth(before, now);
  if (by === undefined || before?.login === undefined) return "";
  const than = `than ${seconds(before.login)}`;
  return Math.abs(by) < 0.5
    ? `as ${seconds(before.login)}`
    : `${percent(by)} ${by > 0 ? "slower" : "faster"} ${than}`;
}
