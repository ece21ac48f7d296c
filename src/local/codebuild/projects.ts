import { z } from "zod";
import { type Operation, operation, serviceError } from "../json-protocol.ts";
import { type Project, projectArn, ProjectInput } from "./model.ts";
import type { Store } from "./store.ts";

const PAGE = 100;

const UpdateInput = z.looseObject({ ...ProjectInput.partial().shape, name: z.string() });

/** CodeBuild's operations on projects. `now`: epoch milliseconds. */
export const projectOperations = (store: Store, now: () => number): Record<string, Operation> => ({
  CreateProject: operation(ProjectInput, (input) => {
    if (store.project(input.name))
      throw serviceError(
        "ResourceAlreadyExistsException",
        `Project already exists: ${projectArn(input.name)}`,
      );
    const time = now() / 1000;
    return saved(store, { ...input, arn: projectArn(input.name), created: time, lastModified: time });
  }),

  UpdateProject: operation(UpdateInput, (input) => {
    const old = existingProject(store, input.name);
    const whole = ProjectInput.parse({ ...old, ...given(input) });
    return saved(store, { ...whole, arn: old.arn, created: old.created, lastModified: now() / 1000 });
  }),

  BatchGetProjects: operation(z.object({ names: z.array(z.string()).min(1).max(PAGE) }), ({ names }) => {
    const found = names.map((name) => store.project(name.replace(/^.*:project\//, "")));
    return {
      projects: found.filter((project) => project !== undefined),
      projectsNotFound: names.filter((_, index) => found[index] === undefined),
    };
  }),

  ListProjects: operation(z.looseObject({ nextToken: z.string().optional() }), ({ nextToken }) => {
    const names = store.projectNames().filter((name) => nextToken === undefined || name > nextToken);
    const page = names.slice(0, PAGE);
    return { projects: page, ...(names.length > PAGE && { nextToken: page.at(-1) }) };
  }),
});

/** The project of this name, or CodeBuild's error that there is none. */
export function existingProject(store: Store, name: string): Project {
  const project = store.project(name);
  if (!project)
    throw serviceError("ResourceNotFoundException", `Project cannot be found: ${projectArn(name)}`);
  return project;
}

function saved(store: Store, project: Project): { project: Project } {
  store.saveProject(project);
  return { project };
}

const given = (input: object): object =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
