import { expect, test } from "vitest";
import { publishOne } from "../../bench/publish-one.ts";
import { lackOf } from "./kit.ts";

const lack = lackOf("mergerepo_c");

test.skipIf(lack)(
  `one package among ten is as many objects on the mirror as one among a thousand, and the bench finds nothing wrong${lack}`,
  async () => {
    const sizes = [
      [10, 1],
      [1000, 1],
    ] as const;
    expect(await publishOne(sizes)).toEqual([]);
  },
);
