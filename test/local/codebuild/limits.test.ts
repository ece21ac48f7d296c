import { expect, test } from "vitest";
import { hierarchiesOf } from "../../../src/local/codebuild/control-groups.ts";
import { cages } from "../../../src/local/codebuild/limits.ts";

test("on a machine with version 2 alone, a group is looked for beside and above our own", () => {
  const { v1, v2 } = hierarchiesOf(
    "0::/user.slice/user-1000.slice/app.scope\n",
    "proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n",
  );
  expect(v1.size).toBe(0);
  expect(v2).toEqual([
    "/sys/fs/cgroup/user.slice/user-1000.slice/app.scope",
    "/sys/fs/cgroup/user.slice/user-1000.slice",
    "/sys/fs/cgroup/user.slice",
    "/sys/fs/cgroup",
  ]);
});

test("on a machine with version 1, each controller has its own place", () => {
  const { v1, v2 } = hierarchiesOf(
    "8:pids:/\n4:memory:/group/inner\n2:cpu,cpuacct:/\n1:name=systemd:/\n0::/\n",
    [
      "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
      "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0",
      "cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
    ].join("\n"),
  );
  expect(v1.get("memory")).toEqual([
    "/sys/fs/cgroup/memory/group/inner",
    "/sys/fs/cgroup/memory/group",
    "/sys/fs/cgroup/memory",
  ]);
  expect(v1.get("cpu")).toEqual(["/sys/fs/cgroup/cpu,cpuacct"]);
  expect(v1.get("pids")).toEqual(["/sys/fs/cgroup/pids"]);
  expect(v2).toEqual(["/sys/fs/cgroup/unified"]);
});

test("where no group can be made, it is said once and builds go on", () => {
  const said: string[] = [];
  const impossible = { memoryBytes: -5, pids: -5, cpuPercent: 100 };
  const pens = cages({ dir: "/nowhere", limits: impossible, log: (message) => void said.push(message) });
  expect(pens.make("one")).toBeUndefined();
  expect(pens.make("two")).toBeUndefined();
  expect(said).toHaveLength(1);
});
