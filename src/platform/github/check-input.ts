import type {
  CheckAnnotationData,
  CheckConclusionState,
  CreateCheckRunInput,
  RequestableCheckStatusState,
} from "@octokit/graphql-schema";
import type { Annotation, Check } from "../../bot/check/check.ts";

/** GitHub takes so many annotations with one write. */
const ANNOTATIONS = 50;

/** A check in the words of GitHub's GraphQL, where enums are in capitals. */
export function inputOf(check: Check): Omit<CreateCheckRunInput, "repositoryId" | "headSha"> {
  const { name, externalId, title, summary, detailsUrl, annotations, buttons } = check;
  return {
    name,
    externalId,
    ...stateOf(check),
    output: {
      title,
      summary,
      ...(annotations && { annotations: annotations.slice(0, ANNOTATIONS).map(annotationOf) }),
    },
    ...(detailsUrl && { detailsUrl }),
    ...(buttons && { actions: [...buttons] }),
  };
}

const capitals = (word: string): string => word.toUpperCase();

const stateOf = ({ status, conclusion }: Check) =>
  conclusion
    ? {
        status: "COMPLETED" as RequestableCheckStatusState,
        conclusion: capitals(conclusion) as CheckConclusionState,
      }
    : { status: (status === "in_progress" ? "IN_PROGRESS" : "QUEUED") as RequestableCheckStatusState };

function annotationOf({
  path,
  line,
  endLine = line,
  level,
  message,
  ...columns
}: Annotation): CheckAnnotationData {
  const { column: startColumn, endColumn } = columns;
  // GitHub takes columns within one line only.
  const within =
    line === endLine && startColumn !== undefined ? { startColumn, endColumn: endColumn ?? startColumn } : {};
  return {
    path,
    annotationLevel: capitals(level) as CheckAnnotationData["annotationLevel"],
    location: { startLine: line, endLine, ...within },
    message,
  };
}
