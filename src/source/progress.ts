/** Prints one line for whoever reads the log. */
export type Say = (line: string) => void;

/** Lines without secrets and without anything that could forge another line or move a terminal's cursor. */
export function careful(print: Say, secrets: readonly string[]): Say {
  const hidden = secrets.filter((secret) => secret !== "");
  return (line) => {
    const clean = hidden.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line);
    print(visible(clean).slice(0, 2000));
  };
}

/** The same text with control and direction characters spelled out. */
export const visible = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );

/** All forms in which a token for git could come back in an error. */
export const formsOf = (token: string | undefined): readonly string[] =>
  token ? [token, encodeURIComponent(token), basic(token)] : [];

/** The token as HTTP basic credentials of an app's installation. */
export const basic = (token: string): string => Buffer.from(`x-access-token:${token}`).toString("base64");
