import type { UploadForm } from "../ports.ts";
import { sha256 } from "./snapshot.ts";

/** Leaves files at the form's prefix; the list of their digests comes last and says that all are there. */
export async function upload(form: UploadForm, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const sums = [...files].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).join("");
  for (const [name, bytes] of [...files, ["SHA256SUMS", Buffer.from(sums)] as const]) {
    const data = new FormData();
    for (const [field, value] of Object.entries(form.fields)) data.append(field, value);
    data.append("file", new Blob([Buffer.from(bytes)]), name);
    const answer = await fetch(form.url, { method: "POST", body: data });
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(`The upload of ${name} was answered ${answer.status}: ${text.slice(0, 500)}`);
  }
}
