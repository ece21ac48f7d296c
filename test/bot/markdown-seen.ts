import type { Nodes, Root, Table } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { stickyMarker } from "../../src/bot/words/sticky.ts";
import { MARK } from "./foreign.ts";

/** Markdown as GitHub reads it. */
export const parsed = (markdown: string): Root =>
  fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

/** What the bot writes itself. Headings, images, quotes and footnotes are never ours. */
const OURS: ReadonlySet<string> = new Set(
  "root paragraph strong inlineCode list tableRow tableCell thematicBreak".split(" "),
);

/** What GitHub makes of plain text: mentions, references, addresses, emoji, formulas; and markup that was left open. */
const MEANINGS: readonly (readonly [string, RegExp])[] = [
  ["a mention", /@\w/],
  ["a reference", /#\d|\bGH-\d/i],
  ["a commit", /\b[0-9a-f]{7,}\b/],
  ["an address", /www\.|:\/\/|mailto:|xmpp:/i],
  ["an emoji", /:[a-z0-9_+-]*[a-z_+-][a-z0-9_+-]*:/i],
  ["a formula", /\$/],
  ["open markup", /[`|<>\\[\]*~&]/],
];

/** All that is wrong with a text of ours: what has a meaning that it must not have, and foreign text outside of code. */
export function faults(markdown: string): readonly string[] {
  const wrong: string[] = [];
  const visit = (node: Nodes): void => {
    wrong.push(...faultsOf(node));
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(parsed(markdown));
  return wrong;
}

function faultsOf(node: Nodes): readonly string[] {
  if (node.type === "html") return node.value === stickyMarker ? [] : [`HTML: ${node.value}`];
  if (node.type === "link") return isLog(node) ? [] : [`a link to ${node.url}`];
  if (node.type === "text") return textFaults(node.value);
  if (node.type === "listItem") return typeof node.checked === "boolean" ? ["a task"] : [];
  if (node.type === "code") return node.lang === "text" ? [] : [`a block of ${node.lang}`];
  if (node.type === "table") return tableFaults(node);
  return OURS.has(node.type) ? [] : [node.type];
}

/** Log pages are ours, at addresses in which nothing of Markdown can be told. */
const isLog = (node: Extract<Nodes, { type: "link" }>): boolean =>
  node.url.startsWith("https://logs.example/") &&
  !/[\s()<>[\]`|\\]/.test(node.url) &&
  node.children.length === 1 &&
  node.children[0]?.type === "text" &&
  node.children[0].value === "log";

const textFaults = (text: string): readonly string[] => [
  ...MEANINGS.filter(([, sign]) => sign.test(text)).map(([what]) => `${what}: ${text}`),
  ...(text.includes(MARK) ? [`foreign text: ${text}`] : []),
];

/** A cell too many is not shown, and one too few means that a row was cut. */
const tableFaults = ({ children: [head, ...rows] }: Table): readonly string[] =>
  rows.every((row) => row.children.length === head?.children.length) ? [] : ["a row of another width"];
