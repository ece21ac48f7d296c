import { byteReader, type ByteReader, CRLF } from "./byte-reader.ts";
import { invalidArgument, refusal } from "./refusal.ts";

/** A form up to its file, which streams. */
export interface Form {
  /** By lower-case name. */
  readonly fields: Readonly<Record<string, string>>;
  /** The last part of the path that the client gave. */
  readonly fileName: string;
  readonly file: AsyncGenerator<Uint8Array>;
}

/** All that comes before the file may have so many bytes. */
const MAX_FIELDS = 20 * 1024;

const malformed = (message: string): Error => refusal(400, "MalformedPOSTRequest", { message });

/** Reads a multipart/form-data body up to its field `file`; what follows the file is not read. */
export async function openForm(contentType: string, body: AsyncIterable<Uint8Array>): Promise<Form> {
  const boundary = /^multipart\/form-data\s*;.*\bboundary="?([^";]{1,70})"?/i.exec(contentType)?.[1];
  if (boundary === undefined)
    throw refusal(412, "PreconditionFailed", { message: "not multipart/form-data" });
  const reader = byteReader(body, malformed);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const fields: Record<string, string> = {};
  let left = MAX_FIELDS;
  await reader.text(delimiter.subarray(2), 1024);
  for (;;) {
    const part = await partHead(reader);
    if (part.name === "file") {
      return { fields, fileName: part.fileName, file: reader.until(delimiter) };
    }
    const value = await reader.text(delimiter, MAX_FIELDS);
    left -= part.name.length + value.length;
    if (left < 0) throw refusal(400, "MaxPostPreDataLengthExceeded");
    if (part.name in fields) throw invalidArgument(`The form has ${part.name} twice.`);
    fields[part.name] = value;
  }
}

async function partHead(reader: ByteReader): Promise<{ readonly name: string; readonly fileName: string }> {
  if ((await reader.text(CRLF, 100)) !== "") {
    throw invalidArgument("POST requires exactly one file upload per request.");
  }
  const head = await reader.text(Buffer.from("\r\n\r\n"), 4096);
  const disposition = /^content-disposition:\s*form-data\s*(;.*)$/im.exec(head)?.[1] ?? "";
  const name = parameter(disposition, "name");
  if (name === undefined) throw malformed("A part of the form has no name.");
  const path = parameter(disposition, "filename") ?? "";
  return { name: name.toLowerCase(), fileName: path.split(/[/\\]/).at(-1) ?? "" };
}

const parameter = (disposition: string, name: string): string | undefined =>
  new RegExp(String.raw`;\s*${name}="((?:[^"\\]|\\.)*)"`, "i").exec(disposition)?.[1]?.replaceAll('\\"', '"');
