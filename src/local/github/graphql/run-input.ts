import type { CreateCheckRunInput, UpdateCheckRunInput } from "@octokit/graphql-schema";

type RunInput = UpdateCheckRunInput | CreateCheckRunInput;

/** A mutation's input in the words of REST, whose rules then hold for both. */
export const restWords = (input: RunInput): unknown =>
  sent({
    name: input.name,
    head_sha: "headSha" in input ? input.headSha : undefined,
    details_url: input.detailsUrl,
    external_id: input.externalId,
    status: input.status?.toLowerCase(),
    conclusion: input.conclusion?.toLowerCase(),
    started_at: input.startedAt,
    completed_at: input.completedAt,
    output: input.output && outputWords(input.output),
    actions: input.actions,
  });

type Output = NonNullable<RunInput["output"]>;

const outputWords = ({ title, summary, text, annotations }: Output): unknown =>
  sent({ title, summary, text, annotations: annotations?.map(annotationWords) });

const annotationWords = (annotation: NonNullable<Output["annotations"]>[number]): unknown => {
  const { path, annotationLevel, location, message, title, rawDetails } = annotation;
  return sent({
    path,
    annotation_level: annotationLevel.toLowerCase(),
    start_line: location.startLine,
    end_line: location.endLine,
    start_column: location.startColumn,
    end_column: location.endColumn,
    message,
    title,
    raw_details: rawDetails,
  });
};

/** Without what was not sent, or sent as null. */
const sent = (words: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined && value !== null));
