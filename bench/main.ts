/** `npm run bench` lists the benches, `npm run bench -- webhook` runs one. */
import { avoid } from "./avoid.ts";
import { burst } from "./burst.ts";
import { foreignArch } from "./foreign-arch.ts";
import { ostreePublish } from "./ostree-publish.ts";
import { publishOne } from "./publish-one.ts";
import { push } from "./push.ts";
import { schedule } from "./schedule.ts";
import { webhook } from "./webhook.ts";

interface Bench {
  readonly says: string;
  /** What went wrong; a bench never fails for time. */
  readonly run: () => Promise<readonly string[]>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  webhook: {
    says: "import and first event of the webhook door, beside Probot and a runners' webhook",
    run: webhook,
  },
  push: {
    says: "from a delivery to StartBuild with a slow GitHub, for 1, 10 and 100 targets, beside one status at a time",
    run: push,
  },
  burst: { says: "10,000 webhooks on the embedded stack: none lost, none doubled", run: burst },
  "publish-one": {
    says: "one package into repositories of 1,000 to 50,000, beside createrepo_c and mergerepo_c",
    run: () => publishOne(),
  },
  "ostree-publish": {
    says: "a tree of 31,000 objects and one in which 1 % changed, beside rclone and the AWS CLI",
    run: ostreePublish,
  },
  "foreign-arch": {
    says: "three packages for s390x: native, all emulated, and with native tools in the emulated root",
    run: foreignArch,
  },
  schedule: {
    says: "a mass rebuild, pull requests and repositories that compete, on Debian's graph, beside first come, first served",
    run: () => schedule(),
  },
  avoid: {
    says: "a history of changes on Debian's graph: what is built of what depends on them, and nothing twice",
    run: () => avoid(),
  },
};

const [name = ""] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench) {
  const wrong = await bench.run();
  for (const line of wrong) console.error(`WRONG: ${line}`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} else {
  for (const [one, { says }] of Object.entries(BENCHES))
    console.log(`npm run bench -- ${one.padEnd(14)}  ${says}`);
  process.exitCode = name === "" ? 0 : 2;
}
