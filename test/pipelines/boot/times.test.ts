import * as fc from "fast-check";
import { expect, test } from "vitest";
import { spanOf, startupIn } from "../../../src/pipelines/boot/analysis.ts";
import { bootTimes, tailOf } from "../../../src/pipelines/boot/times.ts";
import { cameUp } from "../../../src/pipelines/boot/verdict.ts";
import { cases } from "../../fuzz.ts";

const CONSOLE = `0.512 SeaBIOS (version 1.16.2)
1.204 \u001b[H\u001b[JGRUB loading
4.061 [    0.000000] Linux version 6.1.0-56-cloud-amd64 (gcc-12)\r
9.100 [    3.503897] Run /init as init process\r
9.700 systemd[1]: systemd 252 running in system mode
12.300 [\u001b[0;32m  OK  \u001b[0m] Reached target \u001b[0;1;39mnetwork.target\u001b[0m - Network.\r
15.000 small login: \u001b[?2004h
15.900 Startup finished in 3.503s (kernel) + 1min 2.007s (initrd) + 845ms (userspace) = 1min 6.355s \r
16.000 graphical.target reached after 845ms in userspace.
16.010 2min 1.002s NetworkManager-wait-online.service
16.020      845ms dev-vda1.device
16.030       12us small.mount
16.100 millwright: ok`;

test("a console tells when each milestone was reached, and which units were slow", () => {
  expect(bootTimes(CONSOLE)).toEqual({
    reached: { kernel: 4.061, init: 9.1, network: 12.3, login: 15, ok: 16.1 },
    startup: { parts: { kernel: 3.503, initrd: 62.007, userspace: 0.845 }, total: 66.355 },
    slowest: [
      { unit: "NetworkManager-wait-online.service", seconds: 121.002 },
      { unit: "dev-vda1.device", seconds: 0.845 },
      { unit: "small.mount", seconds: 0.000012 },
    ],
  });
});

test.for([
  ["kernel", "1.0 Linux version 5.14.21-150500.53-default"],
  ["init", "1.0 [   12.345678] systemd[1]: systemd 254 running in system mode"],
  ["init", "1.0 Welcome to openSUSE Leap Micro 5.5!"],
  ["init", "1.0 INIT: version 3.06 booting"],
  ["network", "1.0 [  OK  ] Reached target Network is Online."],
  ["network", "1.0 [  OK  ] Reached target Network."],
  ["network", "1.0 [  OK  ] Reached target network-online.target - Network is Online."],
  ["login", "1.0 localhost login:"],
  ["ok", "1.0 millwright: ok\r"],
] as const)("%s is seen in %j", ([milestone, line]) => {
  expect(bootTimes(line).reached[milestone]).toBe(1);
});

test.for([
  "1.0 [    0.1] not a prompt, last login: yesterday",
  "localhost login:",
  "1.0.0 localhost login:",
  "-1.0 localhost login:",
  "1e3 localhost login:",
  "1.0 [    2.000000] localhost login:",
  "1.0 Reached target Sockets, not Network",
  "1.0 [  OK  ] Reached target network-pre.target - Preparation for Network.",
])("%j says nothing of a login or a network", (line) => {
  const { login, network } = bootTimes(line).reached;
  expect({ login, network }).toEqual({ login: undefined, network: undefined });
});

test.for([
  ["1h 2min 3.456s", 3723.456],
  ["345ms", 0.345],
  ["1d 1us", 86_400.000001],
  ["3", undefined],
  ["1.2.3s", undefined],
  ["s", undefined],
  ["-1s", undefined],
  ["", undefined],
] as const)("the span %j is %s seconds", ([text, seconds]) => {
  expect(spanOf(text)).toBe(seconds);
});

test("a startup of which a part cannot be read is none", () => {
  expect(startupIn("Startup finished in 3s (kernel) + soon (userspace) = 4s")).toBeUndefined();
  expect(startupIn("Startup finished in 3s (userspace)")).toEqual({ parts: { userspace: 3 }, total: 3 });
});

const up = "1.0 a login:";
test.for([
  ["login", { facts: {}, first: "1.0 Kernel panic", warm: undefined }],
  ["ok", { facts: { "test unit": "yes" }, first: up, warm: up }],
  ["warm login", { facts: {}, first: up, warm: "1.0 Kernel panic" }],
  ["wish", { facts: {}, first: `${up}\n2.0 millwright: not ok: no sshd`, warm: up }],
] as const)("what misses its %s did not come up", ([missed, heard]) => {
  expect(cameUp(heard)).toMatchObject({ missed });
});

test("what did not come up is told with the last lines of its console", () => {
  const log = `${Array.from({ length: 50 }, (_, i) => `${i}.5 line ${i}`).join("\n")}\n99.0 \u001b[31mKernel panic\r\n\n`;
  expect(tailOf(log, 2)).toEqual(["49.5 line 49", "99.0 Kernel panic"]);
});

test("whatever a console says is read in time, and only finite times come of it", () => {
  const words = [
    "[",
    "]",
    " ",
    "login:",
    "millwright: ok",
    "Startup finished in ",
    " = ",
    " (",
    "1.0",
    "9s",
    "\u001b[",
  ];
  const piece = fc.oneof(fc.constantFrom(...words, "\n1.0 ", "\r"), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const { reached, slowest, startup } = bootTimes(pieces.join(""));
      const times = [
        ...Object.values(reached),
        ...slowest.map(({ seconds }) => seconds),
        startup?.total ?? 0,
      ];
      expect(times.every((time) => Number.isFinite(time) && time >= 0)).toBe(true);
      expect(slowest.length).toBeLessThanOrEqual(5);
    }),
    { numRuns: Math.min(cases(), 2000) },
  );
});

test.for(["\u001b[", "1.0 [", "1.0 a\n", "9"])("a flood of %j is read in time and says nothing", (piece) => {
  expect(bootTimes(piece.repeat(1_000_000)).reached).toEqual({});
});
