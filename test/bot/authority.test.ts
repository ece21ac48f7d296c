import { expect, test } from "vitest";
import { mayCommand, type Need, type Role, roleOf } from "../../src/bot/authority.ts";
import { commandRules } from "../../src/bot/words/rules.ts";

const [AUTHOR, OTHER] = [12, 34];

test.each([
  { who: "somebody who may write", id: OTHER, canWrite: true, role: "committer" },
  { who: "somebody whom the config names", id: OTHER, committers: [1, OTHER], role: "committer" },
  {
    who: "the author, who may write, of a commit not to be built",
    id: AUTHOR,
    canWrite: true,
    role: "committer",
  },
  { who: "the author of a commit that may be built", id: AUTHOR, mayBeBuilt: true, role: "contributor" },
  { who: "the author of a commit that may not be built", id: AUTHOR, role: "stranger" },
  { who: "somebody else, of a commit that may be built", id: OTHER, mayBeBuilt: true, role: "stranger" },
  {
    who: "somebody whose id only looks like a committer's",
    id: OTHER,
    committers: [3, 4, 340, 134],
    role: "stranger",
  },
])("$who is a $role", ({ id, canWrite = false, committers = [], mayBeBuilt = false, role }) => {
  expect(roleOf({ person: { id, canWrite }, author: AUTHOR, committers, mayBeBuilt })).toBe(role);
});

const answers: Record<Role, Record<Need, string>> = {
  committer: { anyone: "forAnyone", contributor: "isCommitter", committer: "isCommitter" },
  contributor: { anyone: "forAnyone", contributor: "isContributor", committer: "needsCommitter" },
  stranger: { anyone: "forAnyone", contributor: "needsContributor", committer: "needsCommitter" },
};

test.each(
  Object.entries(answers).flatMap(([role, needs]) =>
    Object.entries(needs).map(([need, rule]) => [role as Role, need as Need, rule] as const),
  ),
)("a %s and a command for %s: %s", (role, need, rule) => {
  expect(mayCommand(role, need)).toEqual({ may: !rule.startsWith("needs"), rule });
  expect(commandRules).toHaveProperty(rule);
});
