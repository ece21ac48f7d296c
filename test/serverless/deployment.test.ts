import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { BatchGetProjectsCommand } from "@aws-sdk/client-codebuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { deployer } from "../../src/local/host/aws.ts";
import { startHost } from "../../src/local/host/start-host.ts";
import { StageKind } from "../../src/pipelines/stage.ts";
import { ofType, type Template } from "../../src/local/host/template.ts";
import { credentials, startEmbedded } from "../local/host/embedded.ts";
import { canCutOff, type Compiled, compile, ROOT } from "./compile.ts";
import { may, PREFIX, resolveDeployed, statementsOf } from "./deployed.ts";
import { POWERS } from "./powers.ts";
import { unzip } from "./zip.ts";

const MINUTES = 180_000;
const made: Compiled[] = [];
let template: Template;
let first: Compiled;

beforeAll(async () => {
  first = await compile();
  made.push(first);
  template = first.template;
}, MINUTES);
afterAll(async () => {
  for (const { top } of made) await rm(top, { recursive: true, force: true });
});

const Lambda = z.looseObject({
  Handler: z.string(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  FunctionName: z.string(),
  LoggingConfig: z.object({ LogFormat: z.literal("JSON") }),
  Role: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});
const doors = () =>
  ofType(template, "AWS::Lambda::Function").map(({ properties }) => Lambda.parse(properties));
const doorOf = ({ Handler }: z.infer<typeof Lambda>) => path.basename(Handler, ".handler");

const Project = z.looseObject({
  Name: z.string(),
  Source: z.strictObject({ Type: z.literal("NO_SOURCE"), BuildSpec: z.string() }),
  Artifacts: z.strictObject({ Type: z.literal("NO_ARTIFACTS") }),
  ConcurrentBuildLimit: z.int().positive(),
  TimeoutInMinutes: z.int().max(480),
  ServiceRole: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }),
  Environment: z.looseObject({
    Type: z.string(),
    PrivilegedMode: z.boolean(),
    EnvironmentVariables: z.array(
      z.object({ Name: z.string(), Type: z.literal("PLAINTEXT"), Value: z.unknown() }),
    ),
  }),
  VpcConfig: z.unknown().optional(),
});
const projects = () =>
  ofType(template, "AWS::CodeBuild::Project").map(({ properties }) => Project.parse(properties));

describe("packaging", () => {
  test(
    "gives the same zips and, but for its timestamps, the same template twice, wherever",
    async () => {
      const second = await compile(first);
      made.push(second);
      const digests = ({ zips }: Compiled) =>
        [...zips].map(([name, bytes]) => [name, createHash("sha256").update(bytes).digest("hex")]);
      const timeless = (template: Template) =>
        JSON.stringify(template).replaceAll(/\d{13}-\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");
      expect(digests(second)).toEqual(digests(first));
      expect(timeless(second.template)).toBe(timeless(first.template));
      expect(second.tools).toEqual(first.tools);
    },
    MINUTES,
  );

  test("works without a network, where this machine can cut a process off from it", async (context) => {
    if (!(await canCutOff()))
      context.skip("skipped, because this machine does not let us unshare the network");
    // `compile` ran cut off, or there would be no template.
    expect(Object.keys(template.Resources).length).toBeGreaterThan(50);
  });

  test("leaves each stage's tool under its digest, and the projects name just those", async () => {
    for (const name of first.tools) {
      const bytes = await readFile(path.join(first.dir, ".serverless/tools", name));
      expect(name).toBe(`${createHash("sha256").update(bytes).digest("hex")}.mjs`);
    }
    const named = projects().flatMap(({ Environment }) =>
      Environment.EnvironmentVariables.filter(({ Name }) => Name === "MILLWRIGHT_TOOL_SHA256").map(
        ({ Value }) => `${String(Value)}.mjs`,
      ),
    );
    expect(new Set(named)).toEqual(new Set(first.tools));
  });

  test(
    "gives bundles that load on this Node and export a handler",
    async () => {
      const resolve = resolveDeployed(template);
      for (const lambda of doors()) {
        const door = doorOf(lambda);
        const files = unzip(first.zips.get(`${door}.zip`) ?? Buffer.alloc(0));
        expect([...files.keys()]).toEqual([`src/handlers/${door}.mjs`]);
        const file = path.join(first.dir, `${door}.mjs`);
        await writeFile(file, files.get(`src/handlers/${door}.mjs`) ?? "");
        const env = Object.entries(lambda.Environment.Variables).map(([name, value]) => [
          name,
          String(resolve(value)),
        ]);
        const { stdout } = await promisify(execFile)(
          process.execPath,
          [
            "-e",
            `import(${JSON.stringify(file)}).then(({ handler }) => { console.log(typeof handler); process.exit(); })`,
          ],
          { env: { ...Object.fromEntries(env), AWS_REGION: "eu-central-1" } },
        );
        expect(`${door}: ${stdout.trim()}`).toBe(`${door}: function`);
      }
    },
    MINUTES,
  );

  test("keeps Probot out of the webhook's door", () => {
    const [, code] = [...unzip(first.zips.get("receive-webhook.zip") ?? Buffer.alloc(0))][0] ?? [];
    expect(code?.toString()).not.toMatch(/probot|octokit/i);
  });
});

describe("one machine", () => {
  test(
    "makes what the template says, and every door finds its environment",
    async () => {
      const embedded = await startEmbedded();
      const host = await startHost({
        template: first.raw,
        endpoints: embedded.endpoints,
        dir: embedded.dir,
        tools: path.join(first.dir, ".serverless/tools"),
        doors: (door) => path.join(ROOT, `src/handlers/${door}.ts`),
        credentials: () => credentials,
        publicPort: 0,
        secrets: { APP_ID: "1", PRIVATE_KEY: "key", WEBHOOK_SECRET: "word" },
        log: () => undefined,
      });
      const { codebuild } = deployer(embedded.endpoints, credentials);
      const names = projects().map(({ Name }) => Name);
      const made = await codebuild().send(new BatchGetProjectsCommand({ names }));
      expect(made.projects).toHaveLength(names.length);
      for (const { environment } of made.projects ?? []) {
        const address = environment?.environmentVariables?.find(
          ({ name }) => name === "MILLWRIGHT_TOOL",
        )?.value;
        expect(address ? (await fetch(address)).status : 200).toBe(200);
      }
      // Unsigned, so it is the door that refuses: it came up with all it reads.
      expect((await fetch(host.webhookUrl ?? "", { method: "POST", body: "{}" })).status).toBeLessThan(500);
      for (const door of ["decide-event", "dispatch-stage", "track-build", "report-run", "send-mail"]) {
        expect(await host.invoke(door, { Records: [] })).toEqual({ batchItemFailures: [] });
      }
      await host.close();
      await embedded.close();
    },
    MINUTES,
  );
});

describe("doors", () => {
  test("every door is in the template and the other way round", async () => {
    const files = (await readdir(path.join(ROOT, "src/handlers"))).filter((name) => READS_EVENTS.test(name));
    const handled = await Promise.all(
      files.map(async (name) => {
        const text = await readFile(path.join(ROOT, "src/handlers", name), "utf8");
        return /export (const|async function|function) handler\b/.test(text)
          ? [path.basename(name, ".ts")]
          : [];
      }),
    );
    expect(doors().map(doorOf).toSorted()).toEqual(handled.flat().toSorted());
  });

  test("a door's environment has just the names that its source reads", async () => {
    for (const lambda of doors()) {
      const door = doorOf(lambda);
      const text = await readFile(path.join(ROOT, `src/handlers/${door}.ts`), "utf8");
      const [, list = ""] = /readEnv\(\s*process\.env,\s*\[([^\]]*)\]/.exec(text) ?? [];
      const read = [...list.matchAll(/["']([A-Z_0-9]+)["']/g)].map(([, name]) => name);
      expect({ door, names: new Set(Object.keys(lambda.Environment.Variables)) }).toEqual({
        door,
        names: new Set(read),
      });
    }
  });

  test("every door has a role of its own, which only Lambda takes on", () => {
    const roles = doors().map(({ Role }) => Role["Fn::GetAtt"][0]);
    expect(new Set(roles).size).toBe(doors().length);
    for (const role of roles) {
      expect(JSON.stringify(template.Resources[role]?.Properties["AssumeRolePolicyDocument"])).toContain(
        '"Principal":{"Service":"lambda.amazonaws.com"}',
      );
    }
  });

  test("doors run on Node 24 and arm64", () => {
    for (const door of doors()) expect([door.Runtime, door.Architectures]).toEqual(["nodejs24.x", ["arm64"]]);
  });

  test("every door that takes messages reports which of them failed", () => {
    const mappings = ofType(template, "AWS::Lambda::EventSourceMapping");
    expect(mappings).toHaveLength(5);
    for (const { properties } of mappings) {
      expect(properties["FunctionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
    }
  });

  test("a message stays hidden for six timeouts of the door that takes it", () => {
    for (const { properties } of ofType(template, "AWS::Lambda::EventSourceMapping")) {
      const { EventSourceArn, FunctionName } = z
        .looseObject({ EventSourceArn: GetAtt, FunctionName: GetAtt })
        .parse(properties);
      const timeout = Number(template.Resources[FunctionName]?.Properties["Timeout"]);
      expect(template.Resources[EventSourceArn]?.Properties["VisibilityTimeout"]).toBeGreaterThanOrEqual(
        6 * timeout,
      );
    }
  });
});

const READS_EVENTS = /^[a-z-]+\.ts$/;
const GetAtt = z
  .object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) })
  .transform((att) => att["Fn::GetAtt"][0]);

describe("queues", () => {
  test("every queue has dead letters of its kind, and an alarm on them and on its age", () => {
    const queues = ofType(template, "AWS::SQS::Queue").filter(
      ({ properties }) => "RedrivePolicy" in properties,
    );
    const alarms = JSON.stringify(ofType(template, "AWS::CloudWatch::Alarm"));
    expect(queues.map(({ id }) => id)).toEqual([
      "EventsQueue",
      "StagesQueue",
      "BuildsQueue",
      "ReportsQueue",
      "MailsQueue",
    ]);
    for (const { id, properties } of queues) {
      const { RedrivePolicy } = z
        .looseObject({ RedrivePolicy: z.object({ deadLetterTargetArn: GetAtt, maxReceiveCount: z.int() }) })
        .parse(properties);
      const dead = template.Resources[RedrivePolicy.deadLetterTargetArn]?.Properties;
      expect(dead?.["FifoQueue"]).toBe(properties["FifoQueue"]);
      expect(alarms).toContain(`"Fn::GetAtt":["${RedrivePolicy.deadLetterTargetArn}","QueueName"]`);
      expect(alarms).toContain(`"Fn::GetAtt":["${id}","QueueName"]`);
    }
  });
});

const BUILDER = /-(?:build|image|tree|derive|check|upgrade)-/;

describe("builders", () => {
  const name = (pool: string) => PREFIX + pool;
  const zones = ["untrusted", "trusted"];
  const arches = ["x86_64", "aarch64", "s390x", "ppc64le"];
  const pools = {
    source: zones.map((zone) => `source-${zone}`),
    build: ["build", "image", "tree", "derive"].flatMap((kind) =>
      zones.flatMap((zone) => arches.map((arch) => `${kind}-${zone}-${arch}`)),
    ),
    check: ["check", "upgrade"].flatMap((kind) =>
      zones.flatMap((zone) => arches.map((arch) => `${kind}-${zone}-${arch}`)),
    ),
    publish: ["publish", "publish-pull"],
  };

  test("every pool of every kind of stage is a project, and there are no others", () => {
    const wanted = StageKind.options.flatMap((kind) => pools[kind].map(name));
    expect(
      projects()
        .map(({ Name }) => Name)
        .toSorted(),
    ).toEqual(wanted.toSorted());
  });

  test("every kind of stage runs the buildspec of the repository", async () => {
    const files: Readonly<Record<string, string>> = {
      source: "source.yml",
      build: "build-rpm.yml",
      image: "build-image.yml",
      tree: "build-tree.yml",
      derive: "derive-image.yml",
      check: "check-boot.yml",
      upgrade: "check-upgrade.yml",
      publish: "publish.yml",
    };
    for (const kind of StageKind.options) {
      for (const pool of pools[kind]) {
        const file = files[pool.split("-")[0] ?? ""] ?? "";
        const text = await readFile(path.join(ROOT, "buildspecs", file), "utf8");
        expect(projects().find(({ Name }) => Name === name(pool))?.Source.BuildSpec).toBe(text);
      }
    }
  });

  test("nothing holds credentials of a source, runs on a reserved fleet or keeps a cache", () => {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => /SourceCredential|CodeBuild::Fleet/.test(type))).toEqual([]);
    for (const project of projects()) {
      const text = JSON.stringify(project);
      expect(text).not.toMatch(
        /"(Auth|Fleet|Cache|Triggers|SecondarySources|RegistryCredential|FileSystemLocations)"/,
      );
    }
  });

  test("only builders of emulated arches and of images are privileged", () => {
    const privileged = projects().filter(({ Environment }) => Environment.PrivilegedMode);
    expect(privileged.map(({ Name }) => Name).toSorted()).toEqual(
      [...pools.build, ...pools.check]
        .filter((pool) => /^(?!check-|derive-).*(?:s390x|ppc64le)|^image-/.test(pool))
        .map(name)
        .toSorted(),
    );
  });

  test("aarch64 is built on ARM, everything else on x86", () => {
    for (const { Name, Environment } of projects()) {
      expect([Name, Environment.Type]).toEqual([
        Name,
        Name.endsWith("aarch64") ? "ARM_CONTAINER" : "LINUX_CONTAINER",
      ]);
    }
  });

  test("a build's root is pulled as the project's own role, everything else runs in CodeBuild's image", () => {
    for (const { Name, Environment } of projects()) {
      const isBuild = BUILDER.test(Name);
      expect([Name, Environment["ImagePullCredentialsType"]]).toEqual([
        Name,
        isBuild ? "SERVICE_ROLE" : "CODEBUILD",
      ]);
      expect([Name, JSON.stringify(Environment["Image"]).includes("aws/codebuild/")]).toEqual([
        Name,
        !isBuild,
      ]);
    }
  });

  test("builds run in the VPC without a way out, and there is none", () => {
    for (const { Name, VpcConfig } of projects()) {
      expect([Name, VpcConfig !== undefined]).toEqual([Name, BUILDER.test(Name)]);
    }
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(
      types.filter((type) => /InternetGateway|NatGateway|EC2::Route$|TransitGateway|Peering/.test(type)),
    ).toEqual([]);
  });

  test("whatever builds without a way out can write its log", () => {
    const endpoint = JSON.stringify(template.Resources["LogsEndpoint"]?.Properties["PolicyDocument"]);
    const [, prefix = "none"] = /log-group:\/aws\/codebuild\/([^"]*)\*"/.exec(endpoint) ?? [];
    const offline = projects().filter(({ VpcConfig }) => VpcConfig !== undefined);
    expect(offline.filter(({ Name }) => !Name.startsWith(prefix))).toEqual([]);
  });

  test("every project has a role of its own, which only CodeBuild takes on for it", () => {
    const roles = projects().map(({ ServiceRole }) => ServiceRole["Fn::GetAtt"][0]);
    expect(new Set(roles).size).toBe(projects().length);
    for (const [index, role] of roles.entries()) {
      const trust = JSON.stringify(template.Resources[role]?.Properties["AssumeRolePolicyDocument"]);
      expect(trust).toContain('"Principal":{"Service":"codebuild.amazonaws.com"}');
      expect(trust).toContain(`:project/${projects()[index]?.Name}"`);
    }
  });

  test("a builder that sees a repository's content has no power over S3 or a key", () => {
    for (const { Name, ServiceRole } of projects().filter(({ Name }) => !Name.includes("-publish"))) {
      const granted = statementsOf(template, ServiceRole["Fn::GetAtt"][0])
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action = [] }) => Action);
      expect([Name, granted.filter((action) => !/^(logs|ecr|ec2):[A-Za-z]+$/.test(action))]).toEqual([
        Name,
        [],
      ]);
    }
  });
});

describe("buckets", () => {
  const Bucket = z.looseObject({
    PublicAccessBlockConfiguration: z.record(z.string(), z.boolean()),
    VersioningConfiguration: z.object({ Status: z.literal("Enabled") }),
    LifecycleConfiguration: z.unknown(),
  });
  const ours = () =>
    ofType(template, "AWS::S3::Bucket").filter(({ id }) => id !== "ServerlessDeploymentBucket");

  test("public access is blocked but for the mirror, the logs and the tools, and there it is by policy only", () => {
    const open = ours().map(({ id, properties }) => {
      const blocked = Bucket.parse(properties).PublicAccessBlockConfiguration;
      expect([id, blocked["BlockPublicAcls"], blocked["IgnorePublicAcls"]]).toEqual([id, true, true]);
      return [id, !(blocked["BlockPublicPolicy"] && blocked["RestrictPublicBuckets"])];
    });
    expect(Object.fromEntries(open)).toEqual({
      StateBucket: false,
      MirrorBucket: true,
      LogsBucket: true,
      ToolsBucket: true,
    });
  });

  test("every bucket keeps versions, ends old ones, and speaks TLS only", () => {
    for (const { id, properties } of ours()) {
      expect(JSON.stringify(Bucket.parse(properties).LifecycleConfiguration)).toContain(
        "NoncurrentVersionExpiration",
      );
      const policy = JSON.stringify(template.Resources[`${id}Policy`]?.Properties["PolicyDocument"]);
      expect(policy).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}}');
    }
  });

  test("deliveries end after 30 days", () => {
    expect(JSON.stringify(template.Resources["StateBucket"]?.Properties)).toContain(
      '"Prefix":"deliveries/","ExpirationInDays":30',
    );
  });

  test("what cannot be made again is kept when the deployment is taken down", () => {
    const kept = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };
    expect(first.raw).toMatchObject({
      Resources: {
        SigningKey: { ...kept, Properties: { KeySpec: "RSA_4096", KeyUsage: "SIGN_VERIFY" } },
        PullSigningKey: { ...kept, Properties: { KeySpec: "RSA_4096", KeyUsage: "SIGN_VERIFY" } },
        AttestationKey: { ...kept, Properties: { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" } },
        StateBucket: kept,
        MirrorBucket: kept,
      },
    });
  });
});

describe("powers", () => {
  test("there are at least 120 of them, and no two alike", () => {
    expect(POWERS.length).toBeGreaterThanOrEqual(120);
    expect(new Set(POWERS.map((power) => JSON.stringify(power))).size).toBe(POWERS.length);
  });

  const titled = POWERS.map((power) => {
    const { verdict, who, action, on, via, added, context = {} } = power;
    const when = Object.keys(context).length > 0 ? ` with ${JSON.stringify(context)}` : "";
    return {
      ...power,
      title: `${verdict} ${who} ${action} on ${on}${when}${via ? ` through ${via}` : ""}${added ? ", opened to all" : ""}`,
    };
  });
  test.each(titled)("$title", ({ verdict, title: _title, ...question }) => {
    expect(may(template, question)).toBe(verdict);
  });
});
