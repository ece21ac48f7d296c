import { RE2JS } from "re2js";
import type { Expression } from "../../ports.ts";

/** An expression of a repository's, run in time linear in the text. */
export function expression(pattern: string): Expression | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => {
      const matcher = compiled.matcher(text);
      if (!matcher.matches()) return undefined;
      return Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? "");
    };
  } catch {
    return undefined;
  }
}
