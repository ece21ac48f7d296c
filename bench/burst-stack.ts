/** The embedded S3 and SQS, and a host for each of the doors, in a process of their own. */
import path from "node:path";
import { type Host, startHost } from "../src/local/host/start-host.ts";
import { startSqs } from "../src/local/host/sqs-server.ts";
import { startS3 } from "../src/local/s3/server.ts";

export interface Order {
  readonly dir: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** The deployer's and the doors' secret access key; the ids are the names. */
  readonly keys: Readonly<Record<"deployer" | "doors", string>>;
  /** Ours first. */
  readonly doors: readonly Served[];
}

export interface Served {
  readonly template: unknown;
  /** The bundled door. */
  readonly file: string;
}

/** Where all is, for who fires and who looks after. `urls` are in the order of the doors. */
export interface Ready {
  readonly urls: readonly string[];
  readonly s3: string;
  readonly sqs: string;
  readonly bucket: string;
  readonly queueUrl: string;
}

async function start({ dir, secrets, keys, doors }: Order): Promise<Ready> {
  const s3 = await startS3({ dir: path.join(dir, "s3"), port: 0, credentials: keys });
  const sqs = await startSqs({ dir: path.join(dir, "sqs"), port: 0 });
  const hosts: Host[] = [];
  for (const { template, file } of doors)
    hosts.push(
      await startHost({
        template,
        endpoints: { s3: s3.url, sqs: sqs.url },
        dir: path.join(dir, "doors"),
        doors: () => file,
        credentials: (who) => {
          const accessKeyId = who === "deployer" ? "deployer" : "doors";
          return { accessKeyId, secretAccessKey: keys[accessKeyId] };
        },
        publicPort: 0,
        secrets,
        // What a rival says of each forgery would fill the screen.
        log: (message, facts) => {
          if (message !== "a door says" && facts["level"] === undefined)
            process.stderr.write(`${JSON.stringify({ message, ...facts })}\n`);
        },
      }),
    );
  const [ours] = hosts;
  return {
    urls: hosts.map(({ webhookUrl }) => webhookUrl ?? ""),
    s3: s3.url,
    sqs: sqs.url,
    bucket: String(ours?.resolve({ Ref: "StateBucket" })),
    queueUrl: String(ours?.resolve({ Ref: "EventsQueue" })),
  };
}

process.on("message", (order: Order) => {
  void start(order).then((ready) => process.send?.(ready));
});
process.on("disconnect", () => process.exit());
