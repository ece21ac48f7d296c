import { expect, test } from "vitest";
import { binfmtOf } from "../../../src/local/distribution/foreign-programs.ts";

const LINE = String.raw`:qemu-aarch64:M::\x7f\x45:\xff\xff:/usr/libexec/qemu-binfmt/aarch64-binfmt-P:OPF`;

test("a registration is taken as it is", () => {
  expect(binfmtOf(`${LINE}\n`)).toEqual({
    name: "qemu-aarch64",
    interpreter: "/usr/libexec/qemu-binfmt/aarch64-binfmt-P",
    register: LINE,
  });
});

test("the interpreter is opened beforehand, since a root does not have it", () => {
  expect(binfmtOf(LINE.replace("OPF", "P")).register).toBe(LINE.replace("OPF", "PF"));
});

test("anything else is refused", () => {
  expect(() => binfmtOf("# nothing here")).toThrow("not a line of binfmt.d: # nothing here");
});
