import {
  type CodeBuildClient,
  CreateProjectCommand,
  type CreateProjectCommandInput,
  ResourceAlreadyExistsException,
  UpdateProjectCommand,
} from "@aws-sdk/client-codebuild";
import type { Resolve } from "./resolve.ts";
import { ofType, type Template } from "./template.ts";

/** Makes the CodeBuild projects, or brings those of an earlier start up to date. */
export async function makeProjects(
  template: Template,
  { codebuild, resolve }: { codebuild: CodeBuildClient; resolve: Resolve },
): Promise<void> {
  for (const { properties } of ofType(template, "AWS::CodeBuild::Project")) {
    const { Visibility: _onlyInTemplates, ...rest } = properties;
    const project = inSdkWords(resolve(rest)) as CreateProjectCommandInput;
    try {
      await codebuild.send(new CreateProjectCommand(project));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
      await codebuild.send(new UpdateProjectCommand(project));
    }
  }
}

/** CloudFormation writes `ServiceRole` and `BuildSpec`; the SDK writes `serviceRole` and `buildspec`. */
function inSdkWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSdkWords);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [sdkWord(key), inSdkWords(inner)]));
}

const sdkWord = (key: string): string =>
  key === "BuildSpec" ? "buildspec" : key.charAt(0).toLowerCase() + key.slice(1);
