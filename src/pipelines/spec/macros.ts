/** A text in which every macro that can be known without running anything is replaced. */
export interface Expansion {
  readonly value: string;
  /** `false`: something stayed as it was written, since only rpm can tell. */
  readonly static: boolean;
}

/** The macros that a spec itself gives plain values. Unknown ones stay literal. */
export interface SpecMacros {
  /** A body is expanded where it is used; none says that the macro is there, but its value cannot be known. */
  define(name: string, body: string | undefined): void;
  forget(name: string): void;
  expand(text: string): Expansion;
  /** Says that the spec holds more than is worth reading: everything with macros stays literal from there. */
  isExhausted(): boolean;
}

/** Characters that may be expanded in one spec, so that a macro bomb costs no more than a large spec. */
const BUDGET = 8 * 1024 * 1024;
const DEPTH = 16;

type State = { readonly bodies: Map<string, string | undefined>; left: number };

export function specMacros(): SpecMacros {
  // rpm itself defines `nil` as nothing.
  const state: State = { bodies: new Map([["nil", ""]]), left: BUDGET };
  return {
    define: (name, body) => void state.bodies.set(name, body),
    forget: (name) => void state.bodies.delete(name),
    expand: (text) => expand(state, text, 0),
    isExhausted: () => state.left <= 0,
  };
}

function expand(state: State, text: string, depth: number): Expansion {
  state.left -= text.length + 1;
  if (!text.includes("%")) return { value: text, static: true };
  if (depth > DEPTH || state.left <= 0) return { value: text, static: false };
  const parts: string[] = [];
  let isStatic = true;
  let from = 0;
  for (let at = text.indexOf("%"); at !== -1; at = text.indexOf("%", from)) {
    parts.push(text.slice(from, at));
    const use = macroAt(text, at);
    const meant = valueOf(state, use, depth);
    parts.push(meant.value);
    isStatic &&= meant.static;
    from = use.end;
  }
  parts.push(text.slice(from));
  return { value: parts.join(""), static: isStatic };
}

/** One use of a macro, `%name`, `%{?name:alt}` and the like, or something opaque if it has no name. */
interface Use {
  readonly raw: string;
  readonly end: number;
  readonly name?: string | undefined;
  /** `?`: only if defined; `!?`: only if not. */
  readonly test?: "defined" | "undefined" | undefined;
  readonly alternative?: string | undefined;
}

const INSIDE = /^([!?]*)([A-Za-z_]\w*)(?::([^]*))?$/;
/** Without braces, rpm counts a `#` or `*` that follows as part of the name. */
const BARE = /([!?]*)([A-Za-z_]\w*(?:\*\*?|#)?)/y;

function macroAt(text: string, at: number): Use {
  const next = text.charAt(at + 1);
  if (next === "{" || next === "(" || next === "[") {
    const end = closing(text, at + 1);
    const raw = text.slice(at, end);
    const match = next === "{" && raw.endsWith("}") ? INSIDE.exec(raw.slice(2, -1)) : null;
    return match ? use(raw, end, match) : { raw, end };
  }
  BARE.lastIndex = at + 1;
  const match = BARE.exec(text);
  if (match) return use(text.slice(at, BARE.lastIndex), BARE.lastIndex, match);
  const end = Math.min(at + 2, text.length);
  return { raw: text.slice(at, end), end };
}

function use(raw: string, end: number, match: RegExpExecArray): Use {
  const [, flags = "", name, alternative] = match;
  const test = flags.includes("!") ? "undefined" : "defined";
  return { raw, end, name, alternative, test: flags.includes("?") ? test : undefined };
}

/** The index after the bracket that closes the one at `at`, or the end of the text. */
function closing(text: string, at: number): number {
  const open = text.charAt(at);
  const close = open === "{" ? "}" : open === "(" ? ")" : "]";
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === open) depth++;
    else if (char === close && --depth === 0) return i + 1;
  }
  return text.length;
}

function valueOf(state: State, use: Use, depth: number): Expansion {
  const { name, raw, test, alternative } = use;
  if (name === undefined) return literal(raw);
  const body = state.bodies.get(name);
  // What is left bounds what a macro may grow to, too.
  if (body === undefined || body.length > state.left) return { value: raw, static: false };
  if (test === "undefined") return { value: "", static: true };
  // With nothing after the colon rpm does as if there were no colon.
  if (alternative === undefined || (test && alternative === "")) return expand(state, body, depth + 1);
  // `%{name:text}` calls a macro with arguments, which no plain value takes.
  return test ? expand(state, alternative, depth + 1) : { value: raw, static: false };
}

/** A percent sign that begins nothing is only itself. */
function literal(raw: string): Expansion {
  if (raw === "%%" || raw === "%") return { value: "%", static: true };
  return { value: raw, static: raw.length === 2 && !OPENS.has(raw.charAt(1)) };
}

/** What after a percent sign begins an expression, or an argument of a macro. */
const OPENS = new Set("{([*#-");
