import { checkOutput, type ChangedCheckRun } from "./check-run-input.ts";
import { invalid } from "./refusal.ts";
import type { CheckRun } from "./state.ts";

type Draft = Omit<CheckRun, "suite">;

export const blankRun = (id: number, now: string): Draft => ({
  id,
  name: "",
  status: "queued",
  conclusion: null,
  externalId: "",
  detailsUrl: null,
  startedAt: now,
  completedAt: null,
  title: null,
  summary: null,
  text: null,
  annotations: [],
  actions: [],
});

/** Lays what was sent over a run; a conclusion completes it, and completing asks for a conclusion. */
export const applyInput = (run: Draft, input: ChangedCheckRun, now: string): void => {
  checkOutput(input.output);
  applyStatus(run, input, now);
  run.name = input.name ?? run.name;
  run.externalId = input.external_id ?? run.externalId;
  run.detailsUrl = input.details_url ?? run.detailsUrl;
  run.startedAt = input.started_at ?? run.startedAt;
  run.actions = input.actions ?? run.actions;
  if (input.output) applyOutput(run, input.output);
};

/**
 * A run that has completed stays so: GitHub answers 200 to another status and keeps its own. Only its conclusion may
 * still change. To start again, an app creates a new run of the same name.
 */
const applyStatus = (run: Draft, input: ChangedCheckRun, now: string): void => {
  const completes = input.conclusion ?? input.completed_at;
  const wanted = completes ? "completed" : (input.status ?? run.status);
  const status = run.status === "completed" ? "completed" : wanted;
  const conclusion = input.conclusion ?? run.conclusion;
  if (status === "completed" && !conclusion) throw invalid("CheckRun", "conclusion", "missing_field");
  run.status = status;
  run.conclusion = status === "completed" ? conclusion : null;
  run.completedAt = status === "completed" ? (input.completed_at ?? run.completedAt ?? now) : null;
};

/** Annotations are added to those that are there; the rest replaces. */
const applyOutput = (run: Draft, output: NonNullable<ChangedCheckRun["output"]>): void => {
  run.title = output.title ?? run.title;
  run.summary = output.summary;
  run.text = output.text ?? run.text;
  run.annotations.push(...(output.annotations ?? []));
};
