import { mkdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Log } from "../../ports.ts";
import { ambient, type Credentials, type Endpoints } from "./aws.ts";
import { type Door, openDoor } from "./door.ts";
import type { Resolve } from "./resolve.ts";
import { ofType, type Resource, type Template } from "./template.ts";

export interface FunctionOptions {
  /** The file of a door's source, by the door's name (`decide-event`). */
  readonly doors: (door: string) => string;
  /** Credentials of a role, by its name in the template. */
  readonly credentials: (role: string) => Credentials;
  /** Values in place of the template's, by the name of the variable. */
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoints: Endpoints;
  readonly resolve: Resolve;
  readonly dir: string;
  readonly log: Log;
}

const Function = z.object({
  Handler: z.string(),
  FunctionName: z.string(),
  Timeout: z.number().default(3),
  Role: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).default({ Variables: {} }),
});

/** The template's functions as doors, by their id in the template. */
export async function openDoors(
  template: Template,
  options: FunctionOptions,
): Promise<ReadonlyMap<string, Door>> {
  const opened = ofType(template, "AWS::Lambda::Function").map(async (resource): Promise<[string, Door]> => [
    resource.id,
    await open(resource, options),
  ]);
  return new Map(await Promise.all(opened));
}

async function open({ properties }: Resource, options: FunctionOptions): Promise<Door> {
  const { Handler, FunctionName, Timeout, Role, Environment } = Function.parse(properties);
  const [file = "", handler = ""] = Handler.split(".");
  const name = path.basename(file);
  const cwd = path.join(options.dir, name);
  await mkdir(cwd, { recursive: true });
  const variables = Object.entries(Environment.Variables).map(([key, value]) => [
    key,
    options.environment[key] ?? String(options.resolve(value)),
  ]);
  return openDoor({
    name,
    file: options.doors(name),
    handler,
    cwd,
    timeoutSeconds: Timeout,
    env: {
      ...Object.fromEntries(variables),
      ...ambient(options.endpoints, options.credentials(Role["Fn::GetAtt"][0])),
      AWS_LAMBDA_FUNCTION_NAME: FunctionName,
    },
    log: options.log,
  });
}
