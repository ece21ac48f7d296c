import { describe, expect, test } from "vitest";
import { reviewKey } from "../../../src/bot/review/review.ts";
import { type Content, libraryTown, pushed, settles } from "../library-world.ts";
import { repo, SHA, type World } from "../world.ts";

const NEXT = "c".repeat(40);
const PLACE = "`debian-12-x86_64`";
const CHANGED: Content = { sources: { libgreet: "2" }, outputs: { libgreet: "2" } };

/** A library became another; what needs it was built again as far as `content` lets it. */
async function town(rebuild: string, content: Content = CHANGED): Promise<World> {
  const made = libraryTown(
    `targets: { debian-12: [x86_64] }\nchannels: { devel: { branch: main, rebuild: ${rebuild} } }\n`,
  );
  await pushed(made, SHA);
  await pushed(made, NEXT, content);
  await settles(made, content);
  return made;
}

let comments = 0;
async function why(made: World, word: string, isOpen = false): Promise<string> {
  made.github.pulls.set(7, made.github.pullOf({ number: 7, sha: SHA, isOpen }));
  const comment = (comments += 1);
  const by = { id: 12, login: "maria" };
  const asked = { kind: "commented", repo, number: 7, comment, at: "2027-01-01T00:00:00Z", by } as const;
  await made.deliver(`c${comment}`, { ...asked, body: `/why ${word}` });
  const review = (await made.ports.reviews.read(reviewKey(1, 7)))?.value;
  return review?.answers.find((one) => one.comment === comment)?.said ?? "";
}

describe("/why of a recipe in a channel", () => {
  test("tells what it was built again for, and that it ended where the same came out", async () => {
    const made = await town("transitive");
    expect(await why(made, "devel/greet")).toContain(
      `- ${PLACE}: built again last by \`1/rebuild/main/${NEXT}/1\`, since \`libgreet.spec\` became another. What came out is the same`,
    );
    expect(await why(made, "devel/greet", true)).toContain("built again last by");
    expect(await why(made, "devel/hello")).toBe(
      [
        `- ${PLACE}: not built again since a push built it (\`1/push/main/${SHA}#build/hello/debian-12/x86_64#1\`).`,
        `- ${PLACE}: nothing that it needs became another since, so it is not built again.`,
      ].join("\n"),
    );
  });

  test("tells that what came out is another", async () => {
    const made = await town("transitive", { ...CHANGED, outputs: { libgreet: "2", greet: "2" } });
    expect(await why(made, "devel/greet.spec")).toContain("What came out is another");
    expect(await why(made, "devel/hello")).toContain("since `greet.spec` became another");
  });

  test("tells who was asked to build it again, where that failed", async () => {
    const made = await town("transitive", { ...CHANGED, failing: ["greet"] });
    expect(await why(made, "devel/greet")).toContain(
      `- ${PLACE}: \`1/rebuild/main/${NEXT}/1\` was asked to build it again, since \`libgreet.spec\` became another.`,
    );
  });

  test("tells where nobody asks for rebuilds, where nothing is known, and where there is no such channel", async () => {
    expect(await why(await town("none"), "devel/greet")).toContain("the config asks for no `rebuild` there");
    const made = await town("direct");
    expect(await why(made, "devel/gone")).toContain("nothing of it was published yet");
    expect(await why(made, "stable/greet")).toContain("The pull request is closed");
  });
});
