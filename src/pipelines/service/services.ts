import type { z } from "zod";
import { nearest } from "../nearest.ts";
import { isMode, type Mode, MODE_NAMES, type When, whenOf } from "./modes.ts";
import { KNOWN, ServiceCall, type ServiceName } from "./params.ts";
import { type Element, isMistake, type Mistake, readXml } from "../xml.ts";

export type { Mistake } from "../xml.ts";

/** A parameter as it was written, and where its value stands in the file (UTF-16 code units). */
export interface Written {
  readonly name: string;
  readonly value: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

interface Placed {
  readonly mode: Mode;
  readonly when: When;
  readonly line: number;
  readonly written: readonly Written[];
}

/** One source service that may run, with the parameters that its schema allows. */
export type Service<Name extends ServiceName = ServiceName> = Placed &
  Extract<ServiceCall, { readonly name: Name }>;

/** A mistake; `when` says what it stops: a service that never runs in a build hinders none. */
export interface ServiceMistake extends Mistake {
  readonly when: When;
}

export interface Services {
  /** In the order of the file. */
  readonly services: readonly Service[];
  readonly mistakes: readonly ServiceMistake[];
}

/** The file of OBS in which a package's source services stand. */
export const SERVICE_FILE = "_service";
export const SERVICE_CAP = 64 * 1024;

/** Services whose archive people make: they run tools of languages, which run what they fetch. */
export const VENDORING: ReadonlySet<string> = new Set<ServiceName>([
  "go_modules",
  "cargo_vendor",
  "node_modules",
]);

const LIMITS = { length: SERVICE_CAP, depth: 3 };
const MOST = 100;

/** Reads a `_service` file. Nothing in it is run, and what is not known is a mistake at its line. */
export function readServices(text: string): Services {
  const root = readXml(text, LIMITS);
  if (isMistake(root)) return { services: [], mistakes: [{ ...root, when: "source" }] };
  const wrong = wrongRoot(root);
  if (wrong) return { services: [], mistakes: [{ ...wrong, when: "source" }] };
  const read = root.children.map(readService);
  return {
    services: read.flatMap((one) => ("service" in one ? [one.service] : [])),
    mistakes: read.flatMap((one) => ("mistakes" in one ? one.mistakes : [])),
  };
}

function wrongRoot({ name, line, attributes, text, children }: Element): Mistake | undefined {
  if (name !== "services") return { line, sentence: `The root is ${shown(name)}; it should be services.` };
  if (Object.keys(attributes).length > 0) return { line, sentence: "services has no attributes." };
  if (text.trim() !== "") return { line, sentence: "Between services nothing but services may stand." };
  return children.length > MOST ? { line, sentence: `There are more than ${MOST} services.` } : undefined;
}

type Read = { readonly service: Service } | { readonly mistakes: readonly ServiceMistake[] };

function readService(element: Element): Read {
  const { line, attributes } = element;
  const mode = attributes["mode"] || "default";
  // Where not even that can be read, it may be needed for a build.
  const when = isMode(mode) ? whenOf(mode) : "source";
  const told = (mistakes: readonly Mistake[]): Read => ({
    mistakes: mistakes.map((one) => ({ ...one, when })),
  });
  const wrong = wrongService(element);
  if (wrong) return told([wrong]);
  if (!isMode(mode)) return told([{ line, sentence: `There is no mode ${named(mode, MODE_NAMES)}.` }]);
  const name = attributes["name"] ?? "";
  const wrongParams = element.children.flatMap((child) => wrongParam(child, name));
  if (wrongParams.length > 0) return told(wrongParams);
  const written = element.children.map(writtenOf);
  const parsed = ServiceCall.safeParse({ name, params: valuesOf(written) });
  if (!parsed.success)
    return told(parsed.error.issues.map((issue) => mistakeOf(issue, { name, line, written })));
  return { service: { ...parsed.data, mode, when, line, written } };
}

const valuesOf = (written: readonly Written[]) =>
  Object.fromEntries(
    Map.groupBy(written, ({ name }) => name)
      .entries()
      .map(([name, all]) => [name, all.map(({ value }) => value)]),
  );

function wrongService({ name: tag, line, attributes, text }: Element): Mistake | undefined {
  if (tag !== "service") return { line, sentence: `${shown(tag)} is no service.` };
  const { name, mode = "", ...others } = attributes;
  const [other] = Object.keys(others);
  if (other !== undefined)
    return { line, sentence: `A service has no attribute ${named(other, ["name", "mode"])}.` };
  if (name === undefined) return { line, sentence: "This service has no name." };
  if (!KNOWN.has(name)) {
    const isOthers =
      nearest(name, [...KNOWN.keys()]) === undefined && !(isMode(mode) && whenOf(mode) === "update");
    const hint = isOthers ? '; mode="manual" leaves it to people' : "";
    return { line, sentence: `There is no service ${named(name, [...KNOWN.keys()])} here${hint}.` };
  }
  const isClean = text.trim() === "";
  return isClean ? undefined : { line, sentence: "Between parameters nothing but parameters may stand." };
}

function wrongParam({ name, line, attributes, children }: Element, service: string): readonly Mistake[] {
  const key = attributes["name"];
  const isPlain = name === "param" && children.length === 0 && Object.keys(attributes).length === 1;
  if (!isPlain || key === undefined)
    return [{ line, sentence: 'A parameter is written <param name="…">…</param>.' }];
  const known = KNOWN.get(service) ?? [];
  return known.includes(key) ? [] : [{ line, sentence: `${service} has no parameter ${named(key, known)}.` }];
}

const writtenOf = ({ attributes, text, line, from, to }: Element): Written => ({
  name: attributes["name"] ?? "",
  value: text.trim(),
  line,
  from,
  to,
});

function mistakeOf(
  { path, message }: z.core.$ZodIssue,
  service: { readonly name: string; readonly line: number; readonly written: readonly Written[] },
): Mistake {
  const [, key, index] = path;
  const all = service.written.filter(({ name }) => name === key);
  const one = all[typeof index === "number" ? index : all.length - 1];
  const what = `${service.name}: the parameter ${String(key)}`;
  if (!one) return { line: service.line, sentence: `${what} is missing.` };
  return { line: one.line, sentence: `${what} is ${shown(one.value)}: ${message}.` };
}

/** A word that is wrong, and the one that was probably meant. */
function named(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? shown(word) : `${shown(word)} (${meant} is probably meant)`;
}

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
