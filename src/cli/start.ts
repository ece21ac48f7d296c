import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { z } from "zod";
import { cacheDir } from "./cache.ts";
import { compileTemplate } from "../local/compile.ts";
import { Arch } from "../pipelines/run.ts";
import { localRoots } from "../local/roots.ts";
import { startSmtpCatcher } from "../local/smtp-catcher.ts";
import { startStack } from "../local/stack.ts";
import { deploymentHere, POSTMASTER } from "./deployment-here.ts";
import { HOUSE } from "./world.ts";

const HELP = `npm start serves a real GitHub App from this machine.

From the environment or from .env:
  APP_ID, PRIVATE_KEY (PEM, \\n allowed for line ends), WEBHOOK_SECRET   of the app; needed
  MILLWRIGHT_DIR    where all state is kept (default .millwright); a later start goes on from there
  MILLWRIGHT_PORT   first of five ports (default 7400): webhooks arrive at the first, the mirror is at the second
  GITHUB_API_URL, GITHUB_WEB_URL   another GitHub than github.com
  MILLWRIGHT_SMTP   a mail server (smtp://host:port) for news to lists, and MILLWRIGHT_MAIL_FROM who sends them;
                    without a server all mails are kept in <MILLWRIGHT_DIR>/mails, a maildir
  MILLWRIGHT_DISKS  1: disks, live media and file systems are made on loop devices, which their descriptions' scripts do as
                    root over this machine: only where you trust whoever may get a build
Webhooks must reach http://127.0.0.1:<port>/, by a tunnel of your choice.
`;

const Environment = z.object({
  APP_ID: z.string().min(1),
  PRIVATE_KEY: z.string().min(1),
  WEBHOOK_SECRET: z.string().min(1),
  MILLWRIGHT_DIR: z.string().default(".millwright"),
  MILLWRIGHT_PORT: z.coerce.number().int().default(7400),
  GITHUB_API_URL: z.url().default("https://api.github.com"),
  GITHUB_WEB_URL: z.url().default("https://github.com"),
  MILLWRIGHT_SMTP: z.url({ protocol: /^smtps?$/ }).optional(),
  MILLWRIGHT_DISKS: z.stringbool().default(false),
  MILLWRIGHT_MAIL_FROM: z.email().default(POSTMASTER),
});

if (existsSync(".env")) loadEnvFile();
const environment = Environment.safeParse(process.env);
if (process.argv.includes("--help")) process.stdout.write(HELP);
else if (environment.success) await serve(environment.data);
else {
  const missing = environment.error.issues.map(({ path }) => path.join("."));
  process.stderr.write(`millwright: not set, or not as it must be: ${missing.join(", ")}\n\n${HELP}`);
  process.exitCode = 1;
}

async function serve(env: z.infer<typeof Environment>): Promise<void> {
  const dir = resolve(env.MILLWRIGHT_DIR);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const log = (message: string, facts: Readonly<Record<string, unknown>>): void =>
    void process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), message, ...facts })}\n`);
  const arches = { [process.arch === "arm64" ? "aarch64" : "x86_64"]: "required" } as const;
  const roots = localRoots({ cache: cacheDir(process.env), arches: Arch.options, log });
  const { template, tools } = await compileTemplate(HOUSE, join(dir, "template"));
  const port = env.MILLWRIGHT_PORT;
  const relay = env.MILLWRIGHT_SMTP;
  const catcher = relay ? undefined : await startSmtpCatcher({ dir: join(dir, "mails"), port: 0, log });
  const mail = { from: env.MILLWRIGHT_MAIL_FROM, smtp: relay ?? catcher?.url };
  const stack = await startStack({
    dir,
    template,
    tools,
    doors: (door) => join(HOUSE, `src/handlers/${door}.ts`),
    secrets: { APP_ID: env.APP_ID, PRIVATE_KEY: env.PRIVATE_KEY, WEBHOOK_SECRET: env.WEBHOOK_SECRET },
    deployment: deploymentHere(
      { api: env.GITHUB_API_URL, web: env.GITHUB_WEB_URL, mail, disks: env.MILLWRIGHT_DISKS },
      arches,
    ),
    roots: roots.resolve,
    webhookPort: port,
    ports: { s3: port + 1, sqs: port + 2, codebuild: port + 3, kms: port + 4 },
    clock: () => new Date().toISOString(),
    log,
  });
  log("millwright is up", { webhooks: stack.webhookUrl, mirror: stack.mirrorUrl, logs: stack.logsUrl, dir });
  const end = (): void => void stack.close().then(() => catcher?.close());
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}
