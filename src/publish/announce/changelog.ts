import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import type { Remark } from "../../pipelines/release/release-document.ts";
import type { Tools } from "../tools.ts";

/** What a package was built from, and what its packagers wrote last. */
export interface Story {
  /** The name of its source package. */
  readonly source: string;
  /** The newest first. */
  readonly remarks: readonly Remark[];
}

/** More than this of one package is not told. */
const REMARKS_MAX = 10;
const TEXT_MAX = 1000;
const AUTHOR_MAX = 120;

// As XML, rpm escapes what packagers wrote: no words of theirs can be taken for another field.
const REMARK = ["TIME", "NAME", "TEXT"].map((field) => `<i>%{CHANGELOG${field}:xml}</i>`).join("");
const FORMAT = `<story><name>%{NAME:xml}</name><from>%{SOURCERPM:xml}</from>[<remark>${REMARK}</remark>]</story>`;

/** Reads the changelog of the package at `file`; nothing in the package is run. */
export async function storyOf(tools: Tools, file: string): Promise<Story> {
  const text = await tools("rpm", ["-qp", "--nosignature", "--qf", FORMAT, file]);
  const { name, from, remark } = Said.parse(xml.parse(text)).story;
  return {
    // A source package names none that it comes from.
    source: sourceName(from.string) ?? name.string,
    remarks: remark.slice(0, REMARKS_MAX).map(({ i: [time, author, said] }) => ({
      day: dayOf(Number(time?.integer)),
      author: (author?.string ?? "").slice(0, AUTHOR_MAX).trim().toWellFormed(),
      text: (said?.string ?? "").slice(0, TEXT_MAX).trim().toWellFormed(),
    })),
  };
}

/** `greet` of `greet-1.0-1.src.rpm`: neither a version nor a release has a dash in it. */
function sourceName(file: string): string | undefined {
  const parts = file.split("-");
  return parts.length > 2 && file.endsWith(".rpm") ? parts.slice(0, -2).join("-") : undefined;
}

/** Seconds since 1970 as a day of the calendar; packagers wrote days, and rpm keeps their noon. */
const dayOf = (seconds: number): string =>
  Number.isSafeInteger(seconds) && seconds >= 0 && seconds < 2 ** 32
    ? new Date(seconds * 1000).toISOString().slice(0, "2026-01-01".length)
    : "";

const xml = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === "remark" || name === "i",
});

// What is not UTF-8 comes as base64, and is left out.
const Value = z.object({ string: z.string().default(""), integer: z.string().optional() });
const Said = z.object({
  story: z.object({
    name: Value,
    from: z.preprocess((value) => (typeof value === "string" ? {} : value), Value),
    remark: z.array(z.object({ i: z.array(Value) })).default([]),
  }),
});
