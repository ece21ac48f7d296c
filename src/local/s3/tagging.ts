import { z } from "zod";
import { bucketOf } from "./bucket.ts";
import { checkTags } from "./facts.ts";
import { readDocument } from "./payload.ts";
import { readable } from "./read-object.ts";
import { refusal } from "./refusal.ts";
import type { Backend, Call, Reply } from "./wire.ts";
import { parseXml, xmlReply } from "./xml.ts";

const Tag = z.object({ Key: z.string(), Value: z.string() });
const Document = z.object({
  Tagging: z.object({ TagSet: z.union([z.object({ Tag: z.array(Tag) }), z.literal("")]) }),
});

export async function putObjectTagging(backend: Backend, call: Call): Promise<Reply> {
  const document = Document.safeParse(parseXml(await readDocument(call)));
  if (!document.success) throw refusal(400, "MalformedXML");
  const set = document.data.Tagging.TagSet;
  const tags = set === "" ? [] : set.Tag;
  saveTags(backend, call, checkTags(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))));
  return { status: 200 };
}

export function deleteObjectTagging(backend: Backend, call: Call): Reply {
  saveTags(backend, call, {});
  return { status: 204 };
}

export function getObjectTagging({ store }: Backend, call: Call): Reply {
  bucketOf(store, call.bucket);
  const tags = Object.entries(readable(store, call).facts.tags);
  return xmlReply("Tagging", { TagSet: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } });
}

function saveTags({ store }: Backend, call: Call, tags: Record<string, string>): void {
  bucketOf(store, call.bucket);
  const { seq, facts } = readable(store, call);
  store.run("update object set facts = ? where seq = ?", JSON.stringify({ ...facts, tags }), seq);
}
