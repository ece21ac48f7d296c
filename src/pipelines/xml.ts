import { SaxesParser } from "saxes";

/** An element as it was written. Lines count from 1. */
export interface Element {
  readonly name: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** What stands in it besides elements and remarks. */
  readonly text: string;
  /** Where its content begins and ends in the document, in UTF-16 code units; both are 0 if it has none. */
  readonly from: number;
  readonly to: number;
}

/** A sentence for the author, at a line of their file. */
export interface Mistake {
  readonly line: number;
  readonly sentence: string;
}

export interface Limits {
  /** Of the text, in UTF-16 code units. */
  readonly length: number;
  /** Of elements in one another. */
  readonly depth: number;
}

/** Reads a foreign XML document into its root, or says what is wrong with it. Nothing is ever expanded or fetched. */
export function readXml(text: string, limits: Limits): Element | Mistake {
  const refusal = refusedText(text, limits);
  if (refusal) return refusal;
  const parser = new SaxesParser({ position: true, xmlns: false });
  const open: Open[] = [{ ...EMPTY, children: [] }];
  let wrong: Mistake | undefined;
  // The first mistake ends it: a parser that goes on tells of thousands, which costs.
  const say = (sentence: string): never => {
    wrong = { line: parser.line, sentence };
    throw new Error(sentence);
  };
  parser.on("error", ({ message }) => say(`This is not well-formed XML: ${wordsIn(message)}`));
  parser.on("xmldecl", ({ encoding = "utf-8" }) => {
    if (encoding.toLowerCase() !== "utf-8") say("Only UTF-8 is read.");
  });
  parser.on("doctype", () => say(NO_DOCTYPE));
  let line = 1;
  parser.on("opentagstart", () => (line = parser.line));
  parser.on("opentag", ({ name, attributes, isSelfClosing }) => {
    const from = isSelfClosing ? 0 : parser.position;
    if (open.length > limits.depth) say(`More than ${limits.depth} elements stand in one another.`);
    open.push({ ...EMPTY, name, line, from, attributes: { ...attributes }, children: [] });
  });
  parser.on("closetag", ({ name }) => {
    // After a mistake the two need not match any more.
    const last = open.length > 1 && open.at(-1)?.name === name ? open.pop() : undefined;
    if (last?.from) last.to = text.lastIndexOf("</", parser.position - 1);
    if (last) open.at(-1)?.children.push(last);
  });
  const add = (more: string) => {
    const last = open.at(-1);
    if (last) last.text += more;
  };
  parser.on("text", add);
  parser.on("cdata", add);
  try {
    parser.write(text).close();
  } catch (error) {
    if (!wrong) throw error;
  }
  return wrong ?? open[0]?.children[0] ?? { line: 1, sentence: "There is no element." };
}

export const isMistake = (read: Element | Mistake): read is Mistake => "sentence" in read;

interface Open extends Element {
  readonly children: Element[];
  text: string;
  to: number;
}

const EMPTY = { name: "", line: 1, attributes: {}, text: "", from: 0, to: 0 };

const NO_DOCTYPE = "A document type or an entity is declared; neither is read.";

/** What is wrong before any parser looks: it would only cost. */
function refusedText(text: string, { length }: Limits): Mistake | undefined {
  if (text.length > length) return { line: 1, sentence: `The file is longer than ${length} characters.` };
  const isText = !text.includes("\ufffd") && !text.includes("\u0000");
  if (!isText) return { line: 1, sentence: "The file is not UTF-8 text." };
  const upper = text.toUpperCase();
  const at = [upper.indexOf("<!DOCTYPE"), upper.indexOf("<!ENTITY")].find((found) => found >= 0);
  return at === undefined ? undefined : { line: lineAt(upper, at), sentence: NO_DOCTYPE };
}

/** The parser begins with the place, which is told in other ways. */
const wordsIn = (message: string): string => message.slice(message.indexOf(" ") + 1).slice(0, 200);

const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;
