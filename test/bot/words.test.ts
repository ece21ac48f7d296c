import { expect, test } from "vitest";
import { page } from "./words-page.ts";

test("all that the bot says reads as it does on the page: whoever changes a sentence looks at it there", async () => {
  await expect(page()).toMatchFileSnapshot("words-page.txt");
});
