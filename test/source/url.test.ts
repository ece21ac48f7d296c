import { describe, expect, test } from "vitest";
import { judgeRedirect, judgeUrl } from "../../src/source/url.ts";

const HOSTS = {
  "github.com": "http://127.0.0.1:4000",
  "codeload.github.com": "https://codeload.github.com",
  "broken.example": "not an origin",
};

const asks = (text: string): string => {
  const judged = judgeUrl(text, HOSTS);
  return judged.ok ? judged.ask.href : `no: ${judged.because}`;
};

describe("addresses that are fetched, and what is asked", () => {
  test.each([
    ["https://github.com/o/r/archive/v1.tar.gz", "http://127.0.0.1:4000/o/r/archive/v1.tar.gz"],
    ["HTTPS://GitHub.com/o", "http://127.0.0.1:4000/o"],
    ["https://github.com/get?file=/a.tgz&x=1", "http://127.0.0.1:4000/get?file=/a.tgz&x=1"],
    ["https://github.com/v1.zip#/a-1.zip", "http://127.0.0.1:4000/v1.zip"],
    ["https://codeload.github.com/o/r%2Bx", "https://codeload.github.com/o/r%2Bx"],
    ["https://github.com//evil.example/a", "http://127.0.0.1:4000//evil.example/a"],
    ["https://github.com///evil.example/a", "http://127.0.0.1:4000///evil.example/a"],
    ["https://github.com/a@b:c", "http://127.0.0.1:4000/a@b:c"],
  ])("%s is asked as %s", (text, ask) => {
    expect(asks(text)).toBe(ask);
  });
});

const HOST = /^no: the host .* is not allowed here$/;
const PLAIN = /^no: its host is not a plain name$/;
const SCHEME = /^no: only https:\/\/ is fetched$/;
const LETTERS = /^no: it holds blanks, control characters or letters beyond ASCII$/;
const PORT = /^no: it names a port or a numeric host$/;
const USER = /^no: it holds a user name$/;
const SIGN = /^no: it holds a character that no address has$/;
const CLIMB = /^no: its path climbs$/;
const CONTROL = /^no: it encodes a control character$/;
const PERCENT = /^no: it holds a percent sign that encodes nothing$/;

const HOSTILE: readonly (readonly [string, RegExp])[] = [
  ["", SCHEME],
  ["a.tgz", SCHEME],
  ["/etc/passwd", SCHEME],
  ["//github.com/a", SCHEME],
  ["http://github.com/a", SCHEME],
  ["ftp://github.com/a", SCHEME],
  ["file:///etc/passwd", SCHEME],
  ["git://github.com/a", SCHEME],
  ["git+https://github.com/a", SCHEME],
  ["ssh://github.com/a", SCHEME],
  ["data:text/plain,a", SCHEME],
  ["javascript:alert(1)", SCHEME],
  ["gopher://github.com/a", SCHEME],
  ["s3://github.com/a", SCHEME],
  ["blob:https://github.com/a", SCHEME],
  ["view-source:https://github.com/a", SCHEME],
  ["https:github.com/a", SCHEME],
  ["https:/github.com/a", SCHEME],
  ["https:\\\\github.com\\a", SCHEME],
  ["-https://github.com/a", SCHEME],
  [" https://github.com/a", LETTERS],
  ["https://github.com/a ", LETTERS],
  ["https://github.com/a b", LETTERS],
  ["https://github.com/a\tb", LETTERS],
  ["https://git\thub.com/a", LETTERS],
  ["https://github.com/a\r\nHost: evil.example", LETTERS],
  ["https://github.com/a\nb", LETTERS],
  ["https://github.com/\u0000a", LETTERS],
  ["https://github.com/\u007fa", LETTERS],
  ["https://github.com/\u00e4", LETTERS],
  ["https://g\u0456thub.com/a", LETTERS],
  ["https://github\u3002com/a", LETTERS],
  ["https://github.com\uff0fa", LETTERS],
  ["https://\uff47ithub.com/a", LETTERS],
  ["https://github.com/\u202ea", LETTERS],
  ["https://\u2460.example/a", LETTERS],
  ["https://user@github.com/a", USER],
  ["https://user:pass@github.com/a", USER],
  ["https://github.com@evil.example/a", USER],
  ["https://github.com:pass@evil.example/a", USER],
  ["https://@github.com/a", USER],
  ["https://evil.example@github.com@evil.example/a", USER],
  ["https://github.com:443/a", PORT],
  ["https://github.com:22/a", PORT],
  ["https://github.com:/a", PORT],
  ["https://[::1]/a", PORT],
  ["https://[::ffff:127.0.0.1]/a", PORT],
  ["https://[fe80::1%25eth0]/a", PORT],
  ["https://github.com\\@evil.example/a", SIGN],
  ["https://evil.example\\.github.com/a", SIGN],
  ["https://github.com/a\\b", SIGN],
  ["https://github.com/{a,b}", SIGN],
  ["https://github.com/`id`", SIGN],
  ["https://github.com/a|b", SIGN],
  ['https://github.com/"a"', SIGN],
  ["https://github.com/<a>", SIGN],
  ["https://github.com^evil.example/a", SIGN],
  ["https:///github.com/a", PLAIN],
  ["https:////github.com/a", PLAIN],
  ["https://", PLAIN],
  ["https://?a", PLAIN],
  ["https://#github.com/a", PLAIN],
  ["https://github.com./a", PLAIN],
  ["https://.github.com/a", PLAIN],
  ["https://github..com/a", PLAIN],
  ["https://github%2ecom/a", PLAIN],
  ["https://github.com%00.evil.example/a", PLAIN],
  ["https://github.com%2f@evil.example/a", USER],
  ["https://github.com;evil.example/a", PLAIN],
  ["https://github.com,evil.example/a", PLAIN],
  ["https://git_hub.com/a", PLAIN],
  ["https://*/a", PLAIN],
  ["https://$HOME/a", PLAIN],
  ["https://evil.example/a", HOST],
  ["https://github.com.evil.example/a", HOST],
  ["https://evil-github.com/a", HOST],
  ["https://githubcom/a", HOST],
  ["https://api.github.com/a", HOST],
  ["https://localhost/a", HOST],
  ["https://metadata.google.internal/a", HOST],
  ["https://127.0.0.1/a", HOST],
  ["https://127.1/a", HOST],
  ["https://0/a", HOST],
  ["https://0x7f000001/a", HOST],
  ["https://2130706433/a", HOST],
  ["https://017700000001/a", HOST],
  ["https://169.254.169.254/latest/meta-data/", HOST],
  ["https://10.0.0.1/a", HOST],
  ["https://127.0.0.1.nip.example/a", HOST],
  ["https://constructor/a", HOST],
  ["https://toString/a", HOST],
  ["https://valueOf/a", HOST],
  ["https://xn--gthub-cta.com/a", HOST],
  ["https://evil.example?github.com", HOST],
  ["https://evil.example#github.com", HOST],
  ["https://evil.example/?https://github.com/a", HOST],
  ["https://broken.example/a", /^no: the host broken.example has no valid origin$/],
  ["https://999.1.1.1/a", /^no: it is not an address$/],
  ["https://github.com/../a", CLIMB],
  ["https://github.com/a/..", CLIMB],
  ["https://github.com/a/./b", CLIMB],
  ["https://github.com/a/%2e%2e/b", CLIMB],
  ["https://github.com/a/.%2E/b", CLIMB],
  ["https://github.com/a%00b", CONTROL],
  ["https://github.com/a%0d%0aHost:%20evil", CONTROL],
  ["https://github.com/a%1bb", CONTROL],
  ["https://github.com/a%7fb", CONTROL],
  ["https://github.com/a%", PERCENT],
  ["https://github.com/%zz", PERCENT],
  ["https://github.com/%{macro}", SIGN],
  [`https://github.com/${"a".repeat(2000)}`, /^no: it is longer than 2000 characters$/],
];

test("the table of hostile addresses is a long one", () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(80);
});

describe("hostile addresses are refused for their own reason", () => {
  test.each(HOSTILE)("%j: %s", (text, because) => {
    expect(asks(text)).toMatch(because);
  });
});

describe("redirects are judged like addresses", () => {
  const from = judgeUrl("https://github.com/o/r", HOSTS);
  const goes = (location: string): string => {
    const judged = from.ok ? judgeRedirect(location, from, HOSTS) : from;
    return judged.ok ? judged.ask.href : `no: ${judged.because}`;
  };
  test.each([
    ["https://codeload.github.com/x", "https://codeload.github.com/x"],
    ["/other?x=1", "http://127.0.0.1:4000/other?x=1"],
    ["http://127.0.0.1:4000/other", "http://127.0.0.1:4000/other"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:4000/"],
    ["http://127.0.0.1:40001/other", "no: only https:// is fetched"],
    ["http://127.0.0.1:4000@evil.example/", "no: only https:// is fetched"],
    ["//evil.example/a", "no: only https:// is fetched"],
    ["/\\evil.example/a", "no: only https:// is fetched"],
    ["http://127.0.0.1:4000//evil.example/a", "no: only https:// is fetched"],
    ["relative", "no: only https:// is fetched"],
    ["https://evil.example/a", "no: the host evil.example is not allowed here"],
    ["http://github.com/a", "no: only https:// is fetched"],
    ["https://169.254.169.254/", "no: the host 169.254.169.254 is not allowed here"],
    ["file:///etc/passwd", "no: only https:// is fetched"],
  ])("%s leads to %s", (location, to) => {
    expect(goes(location)).toBe(to);
  });
});
