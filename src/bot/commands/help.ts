import { commands } from "./table.ts";
import { helpPage, onCommandLine } from "../words/commands.ts";

/** The answer to `/help`, made of the table that parses. */
export const help = (): string => helpPage(Object.values(commands));

/** The same as a page of the documentation. */
export const commandReference = (): string => `# Commands in comments\n\n${help()}${onCommandLine}`;
