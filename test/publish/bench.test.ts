import { expect, test } from "vitest";
import { publishOne } from "../../bench/publish-one.ts";
import { lackOf } from "./kit.ts";

const lack = lackOf("mergerepo_c");

test.skipIf(lack)(
  `the bench of publishing one package finds nothing wrong with small repositories, and as many objects for each${lack}`,
  async () => {
    const sizes = [
      [100, 1],
      [600, 1],
    ] as const;
    expect(await publishOne(sizes)).toEqual([]);
  },
);
