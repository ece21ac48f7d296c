import { openAsBlob } from "node:fs";
import { join } from "node:path";
import type { UploadForm } from "../ports.ts";
import { infrastructure } from "./failure.ts";
import { type Pause, retry } from "./retry.ts";

/** Uploads files through a presigned form, one after the other, streaming. */
export async function upload(
  form: UploadForm,
  files: { readonly dir: string; readonly names: readonly string[] },
  pause: Pause,
): Promise<void> {
  for (const name of files.names)
    await retry(`${name} cannot be uploaded`, pause, () => post(form, join(files.dir, name), name));
}

async function post({ url, fields }: UploadForm, path: string, name: string): Promise<void> {
  const body = new FormData();
  for (const [field, value] of Object.entries(fields)) body.append(field, value);
  body.append("file", await openAsBlob(path), name);
  const response = await fetch(url, {
    method: "POST",
    body,
    redirect: "error",
    signal: AbortSignal.timeout(15 * 60_000),
  });
  const answer = await response.text();
  if (!response.ok) throw infrastructure(`HTTP ${response.status} ${codeOf(answer)}`.trim());
}

/** S3's error code, such as `EntityTooLarge`; nothing else of the answer is fit for a log. */
const codeOf = (answer: string): string => /<Code>([A-Za-z]{1,60})<\/Code>/.exec(answer)?.[1] ?? "";
