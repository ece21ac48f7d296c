import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandOutput,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";

interface Stream {
  readonly groupName: string;
  readonly streamName: string;
}

/** The last `bytes` of a log stream as text, cut at a character; no stream is an empty log. */
export async function logTail(logs: CloudWatchLogsClient, stream: Stream, bytes: number): Promise<string> {
  const messages: string[] = [];
  let size = 0;
  let token: string | undefined;
  while (size < bytes) {
    const page = await readPage(logs, stream, token);
    const text = (page?.events ?? []).map(({ message = "" }) => message).join("");
    messages.unshift(text);
    size += Buffer.byteLength(text);
    // An empty page is no end; the same token is.
    if (!page?.nextBackwardToken || page.nextBackwardToken === token) break;
    token = page.nextBackwardToken;
  }
  return lastBytes(messages.join(""), bytes);
}

async function readPage(
  logs: CloudWatchLogsClient,
  { groupName, streamName }: Stream,
  nextToken: string | undefined,
): Promise<GetLogEventsCommandOutput | undefined> {
  const command = new GetLogEventsCommand({
    logGroupName: groupName,
    logStreamName: streamName,
    startFromHead: false,
    nextToken,
  });
  try {
    return await logs.send(command);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function lastBytes(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  let start = all.length - bytes;
  while (((all[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return all.toString("utf8", start);
}
