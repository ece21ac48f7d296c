import { encode, encodePath, placeOf } from "./address.ts";
import { bucketOf } from "./bucket.ts";
import { promisedChecksums } from "./checksums.ts";
import { factsOf } from "./facts.ts";
import { type Form, openForm } from "./form-data.ts";
import { storeReceived } from "./objects.ts";
import { measure, type Received, verify } from "./payload.ts";
import { checkForm, type Limits } from "./post-policy.ts";
import { accessDenied, invalidArgument, notImplemented, refusal } from "./refusal.ts";
import { type Credentials, verifySignature } from "./signature.ts";
import type { Backend, Call, Handler, Reply } from "./wire.ts";
import { xmlDocument } from "./xml.ts";

/** PostObject: an upload by a form whose policy somebody with credentials signed. */
export const postObject =
  (credentials: Credentials): Handler =>
  async (backend: Backend, call: Call): Promise<Reply> => {
    bucketOf(backend.store, call.bucket);
    const form = await openForm(call.headers["content-type"] ?? "", call.body);
    const { fields, key } = filledIn(form, call.bucket);
    authenticate(fields, credentials);
    const limits = checkForm(fields["policy"] ?? "", fields, backend.now());
    const facts = factsOf(fields);
    const received = await receiveFile(backend, form, { fields, limits });
    const target = { bucket: call.bucket, key, headers: {} };
    const headers = storeReceived(backend, target, { received, facts });
    const location = `http://${call.headers["host"] ?? ""}/${encode(call.bucket)}/${encodePath(key)}`;
    return answer(fields["success_action_status"], { ...headers, location }, target);
  };

/** The form with `${filename}` replaced, as its policy means it. */
function filledIn(form: Form, bucket: string) {
  const fields = Object.fromEntries(
    Object.entries(form.fields).map(([name, value]) => [
      name,
      value.replaceAll("${filename}", () => form.fileName),
    ]),
  );
  const template = fields["key"];
  if (!template) throw invalidArgument("Bucket POST must contain a field named 'key'.");
  if (fields["tagging"] !== undefined) throw notImplemented("the form field tagging");
  if (fields["success_action_redirect"] !== undefined) throw notImplemented("success_action_redirect");
  const { key } = placeOf(`${bucket}/${template}`);
  const filled: Readonly<Record<string, string>> = { ...fields, bucket };
  return { fields: filled, key };
}

function authenticate(fields: Readonly<Record<string, string>>, credentials: Credentials): void {
  const policy = fields["policy"];
  if (policy === undefined || fields["x-amz-algorithm"] !== "AWS4-HMAC-SHA256") throw accessDenied();
  const claim = {
    credential: fields["x-amz-credential"] ?? "",
    date: fields["x-amz-date"] ?? "",
    signature: fields["x-amz-signature"] ?? "",
  };
  verifySignature(policy, claim, credentials);
}

async function receiveFile(
  backend: Backend,
  form: Form,
  { fields, limits }: { fields: Readonly<Record<string, string>>; limits: Limits },
): Promise<Received> {
  const measured = measure(within(form.file, limits), promisedChecksums(fields));
  async function* checked(): AsyncGenerator<Uint8Array> {
    yield* measured.bytes;
    verify(measured.told(), fields);
  }
  const file = await backend.files.keep(checked());
  return { file, ...measured.told() };
}

async function* within(bytes: AsyncIterable<Uint8Array>, { min, max }: Limits): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > max) {
      throw refusal(400, "EntityTooLarge", {
        message: "Your proposed upload exceeds the maximum allowed size",
        details: { MaxSizeAllowed: String(max) },
      });
    }
    yield chunk;
  }
  if (size < min) {
    const message = "Your proposed upload is smaller than the minimum allowed size";
    throw refusal(400, "EntityTooSmall", { message });
  }
}

function answer(
  status: string | undefined,
  headers: Record<string, string>,
  { bucket, key }: Pick<Call, "bucket" | "key">,
): Reply {
  if (status === "200") return { status: 200, headers };
  if (status !== "201") return { status: 204, headers };
  const content = { Location: headers["location"], Bucket: bucket, Key: key, ETag: headers["etag"] };
  const body = xmlDocument("PostResponse", content);
  return { status: 201, headers: { ...headers, "content-type": "application/xml" }, body };
}
