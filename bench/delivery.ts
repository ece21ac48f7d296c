import { createHmac } from "node:crypto";

/** A webhook as GitHub posts it. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A signed `pull_request` delivery whose body has this many bytes. */
export function delivery(is: {
  readonly guid: string;
  readonly bytes: number;
  readonly secret: string;
}): Delivery {
  const body = pullRequest(is.guid, is.bytes);
  return {
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/0000000",
      "x-github-delivery": is.guid,
      "x-github-event": "pull_request",
      "x-hub-signature-256": `sha256=${createHmac("sha256", is.secret).update(body).digest("hex")}`,
    },
    body,
  };
}

/** The delivery as Lambda hands it to a function behind a Function URL. */
export const urlEvent = ({ headers, body }: Delivery): object => ({
  version: "2.0",
  rawPath: "/",
  rawQueryString: "",
  headers,
  requestContext: { http: { method: "POST", path: "/" } },
  body,
  isBase64Encoded: false,
});

function pullRequest(title: string, bytes: number): string {
  const payload = (text: string) =>
    JSON.stringify({
      action: "synchronize",
      number: 7,
      pull_request: { number: 7, title, body: text, head: COMMIT, base: COMMIT, user: PERSON },
      repository: { id: 1, name: "os", full_name: "acme/os", owner: PERSON, default_branch: "main" },
      installation: { id: 2 },
      sender: PERSON,
    });
  return payload("x".repeat(Math.max(0, bytes - payload("").length)));
}

const PERSON = { login: "acme", id: 3, type: "User" };
const COMMIT = { ref: "main", sha: "0123456789abcdef0123456789abcdef01234567" };
