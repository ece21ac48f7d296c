import { expect, test } from "vitest";
import { rememberedRevision, withRevision } from "../../../src/pipelines/service/servicedata.ts";

const URL = "https://git.example/hello.git";
const data = (commit: string) => `<servicedata>
<service name="tar_scm">
    <param name="url">${URL}</param>
    <param name="changesrevision">${commit}</param></service><service name="tar_scm">
    <param name="url">https://git.example/other.git</param>
    <param name="changesrevision">0</param></service></servicedata>`;

test("the commit of an address is found", () => {
  expect(rememberedRevision(data("1234"), URL)).toBe("1234");
  expect(rememberedRevision(data("1234"), "https://git.example/third.git")).toBeUndefined();
  expect(rememberedRevision("", URL)).toBeUndefined();
});

test("another commit takes its place, and nothing else is touched", () => {
  expect(withRevision(data("1234"), URL, "5678")).toBe(data("5678"));
});

test("an address that is new is added, and a file that cannot be read begun anew", () => {
  const third = "https://git.example/?a&b";
  for (const text of [data("1"), "", "<!DOCTYPE x>", "<other/>", "<servicedata/>"])
    expect(rememberedRevision(withRevision(text, third, "9abc"), third)).toBe("9abc");
  expect(rememberedRevision(withRevision(data("1"), third, "9abc"), URL)).toBe("1");
});
