import { updatePull, updateWords } from "../../src/bot/words/update.ts";

/** What is said of updates, and the pull request of one. */
export const updatePages = (): Readonly<Record<string, string>> => ({
  "Answers to /update": [
    updateWords.running({ services: ["obs_scm"], sources: ["greet-1.0.0.tar.gz"] }),
    updateWords.failed("_service:3: https://files.example/x is not fetched: HTTP 404."),
    updateWords.wrongMade,
    updateWords.noWork,
    updateWords.moved("millwright/update/greet"),
    updatePull.made("greet", "1.1.0"),
    updateWords.noVersion("1;2"),
    updateWords.unknownVersion("greet.spec"),
    updateWords.has("greet", "1.1.0", false),
    updateWords.has("greet", "1.1.0", true),
    updateWords.noRecipe("hello"),
    updateWords.which([]),
    updateWords.which(["almanac", "greet"]),
    updateWords.off("greet"),
    updateWords.noUpstream("greet"),
    updateWords.noRelease("greet"),
    updateWords.unasked("greet", "HttpError: Not Found"),
    updateWords.notThere("https://greet.example/greet-1.2.0.tar.gz", "it answered HTTP 404"),
    updateWords.foreign("millwright/update/greet"),
    updateWords.refused("Resource not accessible by integration"),
    updateWords.closed("1.2.0", 7),
    updateWords.proposed("1.2.0", 7),
    updateWords.already("1.2.0", 7),
    updateWords.noExpression("(?<=v)1"),
    updateWords.noMain,
    updateWords.gone("greet.spec"),
  ].join("\n"),
  "A pull request that updates a recipe": [
    `### ${updatePull.title("greet", "1.2.0")}`,
    updatePull.body({
      recipe: "greet",
      was: "1.1.0",
      version: "1.2.0",
      upstream: "https://github.com/upstream/greet/tree/v1.2.0",
      renewed: ["greet/_service", "greet/sources"],
      undone: [
        ...updateWords.left({
          services: ["download_files"],
          sums: ["greet/_service"],
          sources: ["greet/greet-1.1.0.tar.gz"],
        }),
        updateWords.unsummed(
          "https://example.org/greet-1.2.0.tar.gz",
          "The file is larger than 67108864 bytes.",
        ),
        updateWords.vendored(["go_modules"]),
        updateWords.byHand('greet/_service:12: There is no service "format_spec_file" here.'),
      ],
    }),
  ].join("\n\n"),
});
