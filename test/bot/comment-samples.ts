import * as fc from "fast-check";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfm } from "micromark-extension-gfm";

const MARKS = [
  "> ",
  ">",
  "- ",
  "-",
  "* ",
  "+   ",
  "1. ",
  "2) ",
  "10. ",
  " ",
  "  ",
  "   ",
  "    ",
  "\t",
  "-\t",
  ">\t",
  "- - ",
  "> > ",
  "[^1]: ",
] as const;

const REST = [
  "/build",
  "/build",
  "/build arm64 ",
  "/build\t",
  "text",
  "text",
  "",
  "",
  "```",
  "````",
  "``` x",
  "```a`",
  "~~~",
  "~~~~ x`",
  "# head",
  "---",
  "--",
  "===",
  "***",
  "- - -",
  "<!--",
  "-->",
  "<!-- x -->",
  "text <!--",
  "text <!-- x --> text",
  "<?x",
  "?>",
  "<!X",
  "<![CDATA[",
  "]]>",
  "<pre>",
  "</pre>",
  "<PRE class=x>",
  "<script",
  "<details>",
  "</details>",
  "<details><summary>x</summary>",
  "<div",
  "<div>",
  "<b>",
  "<b",
  "</b>",
  "<b a='",
  '<b a="x" c>',
  "text <b a='",
  "'>",
  "<b>x</b>",
  "text <i",
  ">",
  "`",
  "``",
  "text `",
  "text `` ` x",
  "\\`",
  "a `b` c",
  "\\",
  "[a]: /x",
  "[a]:",
  "[a",
  "[",
  "]: x",
  "]",
  "[a]: x '",
  "'",
  "[x](",
  "[x](y",
  "[x](y '",
  ")",
  "[x](y)",
  "![",
  "![x](y)",
  "](x)",
  "[a][",
  "| a |",
  "|---|",
  "a | b",
  ":-- | -",
  ":-",
  "**bold",
  "**",
  "~~x",
  "$$",
  "- [ ] task",
  "https://example.org/x",
  "<https://example.org>",
] as const;

const lineOf = (marks: readonly string[], rest: readonly string[], maxLength: number) =>
  fc
    .tuple(fc.array(fc.constantFrom(...marks), { maxLength }), fc.constantFrom(...rest))
    .map(([before, last]) => before.join("") + last);

/** Comments made of the pieces at which readers of Markdown part. */
export const hostileComment = fc
  .array(fc.oneof(fc.constantFrom(...REST), lineOf(MARKS, REST, 3), fc.constantFrom("/build", "  /build")), {
    maxLength: 9,
  })
  .chain((lines) => fc.constantFrom("\n", "\r\n", "\r").map((end) => lines.join(end)));

const PLAIN = /^[^<[\]`\\|$:!]*$/;

/** Comments without links, tags, inline code and tables: there, what Markdown sees as text is all that counts. */
export const plainComment = fc
  .array(
    fc.oneof(
      lineOf(
        MARKS.filter((mark) => PLAIN.test(mark) && mark !== "- - " && mark !== "    " && mark !== "\t"),
        [...REST.filter((rest) => PLAIN.test(rest)), "```", "~~~"],
        1,
      ),
      fc.constantFrom("/build", "  /build", "text", "", "\n    /build\n"),
    ),
    { maxLength: 9 },
  )
  .map((lines) => lines.join("\n"));

interface Node {
  readonly type: string;
  readonly position?: { readonly start: Point; readonly end: Point } | undefined;
  readonly children?: readonly Node[];
}

interface Point {
  readonly offset?: number | undefined;
}

const UNSEEN = new Set(["blockquote", "footnoteDefinition", "table"]);

/** Is the character at `at` plain text, by a reader of Markdown that is not ours? */
export function isPlainText(body: string): (at: number) => boolean {
  const texts: [number, number][] = [];
  // What a plain address is taken apart into has no position of its own.
  const visit = (node: Node, around: Node["position"]) => {
    const position = node.position ?? around;
    if (UNSEEN.has(node.type)) return;
    if (node.type === "text") texts.push([position!.start.offset!, position!.end.offset!]);
    for (const child of node.children ?? []) visit(child, position);
  };
  const root: Node = fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  visit(root, undefined);
  return (at) => texts.some(([start, end]) => start <= at && at < end);
}

/** Where a command may stand in a comment: the lines that are `/build` and what follows it, indented by at most three blanks. */
export function buildLines(body: string): { readonly at: number; readonly line: string }[] {
  const found = [];
  for (let at = body.indexOf("/build"); at >= 0; at = body.indexOf("/build", at + 1)) {
    const start = Math.max(body.lastIndexOf("\n", at), body.lastIndexOf("\r", at)) + 1;
    if (!/^ {0,3}$/.test(body.slice(start, at))) continue;
    found.push({
      at,
      line: body
        .slice(at)
        .split(/[\r\n]/)[0]!
        .trim(),
    });
  }
  return found;
}
