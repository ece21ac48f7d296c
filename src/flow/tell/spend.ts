import { type Asked, type Budget, budgetKey, closed, draw, noBudget } from "../../pipelines/order/budget.ts";
import { instant } from "../../pipelines/instant.ts";
import { changeRecord } from "../change-record.ts";
import type { Limited } from "../../ports-github.ts";
import type { Clock, Log, Records } from "../../ports.ts";

export interface SpendPorts {
  readonly budgets: Records<Budget>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How many of these writes to GitHub the installation's budget has room for; they count as made. */
export async function spend(ports: SpendPorts, installation: number, asked: Asked): Promise<number> {
  let granted = 0;
  await change(ports, installation, (budget, now) => {
    const drawn = draw(budget, asked, now);
    ({ granted } = drawn);
    return drawn.budget;
  });
  return granted;
}

/** GitHub has had enough: nothing is written until it takes more. */
export async function beSilent(ports: SpendPorts, installation: number, { seconds }: Limited): Promise<void> {
  ports.log("limited", { installation, seconds });
  await change(ports, installation, (budget, now) => closed(budget, now + seconds));
}

async function change(
  { budgets, clock }: SpendPorts,
  installation: number,
  by: (budget: Budget, now: number) => Budget,
): Promise<void> {
  await changeRecord(budgets, budgetKey(installation), (was) => {
    const now = by(was ?? noBudget, instant(clock()));
    return now === noBudget ? undefined : now;
  });
}
