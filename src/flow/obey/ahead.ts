import type { DecidePorts } from "../decide/ports.ts";

type GitHub = DecidePorts["github"];

/**
 * GitHub for the decision about one pull request. What its head holds and what it changes cannot change any more: that is
 * asked once, and as soon as the head is known, while others still ask whether it may be built.
 */
export function askAhead(github: GitHub): GitHub {
  const paths = once((...asked: Parameters<GitHub["paths"]>) => github.paths(...asked));
  const changed = once((...asked: Parameters<GitHub["changed"]>) => github.changed(...asked));
  return {
    ...github,
    paths,
    changed,
    async pull(at, number) {
      const pull = await github.pull(at, number);
      // Whoever needs the answer hears of a failure; nobody else need.
      if (pull?.isOpen)
        for (const answer of [paths(at, pull.sha), changed(at, pull.base.sha, pull.sha)])
          void answer.catch(() => undefined);
      return pull;
    },
  };
}

/** The same question has the same answer. */
function once<Asked extends readonly unknown[], Answer>(
  ask: (...asked: Asked) => Promise<Answer>,
): (...asked: Asked) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (...asked) => {
    const key = JSON.stringify(asked);
    const answer = answers.get(key) ?? ask(...asked);
    answers.set(key, answer);
    return answer;
  };
}
