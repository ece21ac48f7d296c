import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { type Operation, operation, serviceError } from "../json-protocol.ts";

/** CloudWatch Logs takes events of up to 256 KB. */
const LARGEST_EVENT = 256 * 1024;
/** GetLogEvents answers with at most 10,000 events and 1 MB, each event counted with 26 bytes on top. */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1024 * 1024;
const EVENT_OVERHEAD = 26;

const GetLogEvents = z.looseObject({
  logGroupName: z.string(),
  logStreamName: z.string(),
  startTime: z.int().min(0).default(0),
  endTime: z.int().min(0).default(Number.MAX_SAFE_INTEGER),
  nextToken: z
    .string()
    .regex(/^[fb]\/\d{1,15}$/, "The specified nextToken is invalid.")
    .optional(),
  limit: z.int().min(1).max(MOST_EVENTS).default(MOST_EVENTS),
  startFromHead: z.boolean().default(false),
});
type GetLogEvents = z.infer<typeof GetLogEvents>;

interface LogEvent {
  readonly number: number;
  readonly timestamp: number;
  readonly message: string;
}

export type Logs = ReturnType<typeof openLogs>;

/** Log streams of builds; lines are numbered from 0 and times are epoch milliseconds. */
export function openLogs(db: DatabaseSync) {
  const makeStream = db.prepare("insert or ignore into streams (stream, log_group) values (?, ?)");
  const oneStream = db.prepare("select log_group from streams where stream = ?");
  const count = db.prepare("select coalesce(max(number) + 1, 0) as n from lines where stream = ?");
  const add = db.prepare("insert into lines (stream, number, time, message) values (?, ?, ?, ?)");
  const where = "stream = ? and time >= ? and time < ?";
  const forward = db.prepare(`select * from lines where ${where} and number >= ? order by number limit ?`);
  const backward = db.prepare(
    `select * from lines where ${where} and number < ? order by number desc limit ?`,
  );

  const length = (stream: string): number => Number(count.get(stream)?.["n"]);

  return {
    create: (stream: string, group: string): void => void makeStream.run(stream, group),

    /** Adds lines in one transaction. */
    append(stream: string, messages: readonly string[], time: number): void {
      let number = length(stream);
      db.exec("begin");
      for (const message of messages.flatMap(pieces)) add.run(stream, number++, time, message);
      db.exec("commit");
    },

    /** The answer of GetLogEvents. At the end of a stream the same token comes back. */
    page(input: GetLogEvents) {
      const stream = input.logStreamName;
      if (oneStream.get(stream)?.["log_group"] !== input.logGroupName)
        throw serviceError("ResourceNotFoundException", "The specified log stream does not exist.");
      const { direction, position } = startOf(input, length(stream));
      const rows = (direction === "f" ? forward : backward).iterate(
        stream,
        input.startTime,
        input.endTime,
        position,
        input.limit,
      );
      const taken = whatFits(rows);
      const events = direction === "f" ? taken : taken.toReversed();
      const first = events[0]?.number ?? position;
      const last = events.at(-1)?.number ?? position - 1;
      return {
        events: events.map(({ timestamp, message }) => ({ timestamp, message, ingestionTime: timestamp })),
        nextForwardToken: `f/${last + 1}`,
        nextBackwardToken: `b/${first}`,
      };
    },
  };
}

/** CloudWatch Logs' operations on these streams. */
export const logOperations = (logs: Logs): Record<string, Operation> => ({
  GetLogEvents: operation(GetLogEvents, (input) => logs.page(input)),
});

function startOf(input: GetLogEvents, length: number): { direction: "f" | "b"; position: number } {
  const [direction, position] = input.nextToken?.split("/") ?? [];
  if (direction === "f" && !input.startFromHead)
    throw serviceError("InvalidParameterException", "A nextForwardToken goes with startFromHead: true.");
  if (direction) return { direction: direction === "f" ? "f" : "b", position: Number(position) };
  return input.startFromHead ? { direction: "f", position: 0 } : { direction: "b", position: length };
}

/** Takes rows until an answer is full; the rest is not even read. */
function whatFits(rows: Iterable<Record<string, unknown>>): LogEvent[] {
  const events: LogEvent[] = [];
  let bytes = 0;
  for (const row of rows) {
    const event = eventOf(row);
    bytes += Buffer.byteLength(event.message) + EVENT_OVERHEAD;
    if (bytes > MOST_BYTES && events.length > 0) break;
    events.push(event);
  }
  return events;
}

const eventOf = (row: Record<string, unknown>): LogEvent => ({
  number: Number(row["number"]),
  timestamp: Number(row["time"]),
  message: String(row["message"]),
});

function pieces(message: string): string[] {
  if (message.length * 3 <= LARGEST_EVENT) return [message];
  const parts: string[] = [];
  for (let at = 0; at < message.length; at += LARGEST_EVENT / 4)
    parts.push(message.slice(at, at + LARGEST_EVENT / 4));
  return parts;
}
