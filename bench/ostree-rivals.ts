import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A tool that copies an archive repository to a bucket, and how often it is worth waiting for. */
export interface Rival {
  readonly name: string;
  readonly rounds: number;
  readonly argv: (what: Copied) => readonly string[];
}

/** From a directory to a prefix of the bucket `bench` at an address. */
interface Copied {
  readonly dir: string;
  readonly prefix: string;
  readonly url: string;
}

/** What is no part of a repository for clients. */
const LEFT_OUT = ["/tmp/**", "/state/**", "/extensions/**", "/.lock"];

const rclone: Rival = {
  name: "rclone",
  rounds: 3,
  argv: ({ dir, prefix, url }) => [
    "rclone",
    "sync",
    "--config=",
    "--s3-provider=Other",
    "--s3-env-auth",
    "--s3-region=us-east-1",
    `--s3-endpoint=${url}`,
    "--s3-force-path-style",
    "--s3-no-check-bucket",
    "--transfers=64",
    "--checkers=64",
    "--fast-list",
    ...LEFT_OUT.map((pattern) => `--exclude=${pattern}`),
    dir,
    `:s3:bench/${prefix}`,
  ],
};

const aws: Rival = {
  name: "aws s3 sync",
  rounds: 1,
  argv: ({ dir, prefix }) => [
    "aws",
    "s3",
    "sync",
    "--only-show-errors",
    ...LEFT_OUT.flatMap((pattern) => ["--exclude", pattern.slice(1)]),
    dir,
    `s3://bench/${prefix}`,
  ],
};

/** Those that are installed. */
export function rivalsHere(): readonly Rival[] {
  const places = (process.env["PATH"] ?? "").split(delimiter);
  const isHere = (tool: string): boolean => places.some((place) => existsSync(join(place, tool)));
  return [...(isHere("rclone") ? [rclone] : []), ...(isHere("aws") ? [aws] : [])];
}
