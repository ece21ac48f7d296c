import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { refusal } from "./refusal.ts";
import type { Reply } from "./wire.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: false });
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => ["Object", "Part", "Tag"].includes(name),
});

/** An answer as an S3 document; absent and `undefined` elements are left out. */
export function xmlReply(root: string, content: object, headers: Record<string, string> = {}): Reply {
  const body = xmlDocument(root, { "@_xmlns": NAMESPACE, ...content });
  return { status: 200, headers: { "content-type": "application/xml", ...headers }, body };
}

export function xmlDocument(root: string, content: object): string {
  const text = builder.build({ [root]: content });
  // A reader of XML turns a raw carriage return into a line feed.
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text.replaceAll("\r", "&#13;")}`;
}

/** Parses a request's document; its elements are strings, `Object`, `Part` and `Tag` are lists. */
export function parseXml(text: string): unknown {
  if (XMLValidator.validate(text) !== true) {
    throw refusal(400, "MalformedXML", { message: "The XML you provided was not well-formed." });
  }
  return parser.parse(text);
}
