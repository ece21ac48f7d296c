/** What is said about commits: checks, statuses, releases. Part of the state. */

export interface CheckSuite {
  readonly id: number;
  readonly repository: number;
  readonly sha: string;
  readonly app: number;
  branch: string | null;
  /** Asked for again and not answered yet. */
  reset: boolean;
  readonly createdAt: string;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number | undefined;
  readonly end_column?: number | undefined;
  readonly annotation_level: string;
  readonly message: string;
  readonly title?: string | undefined;
  readonly raw_details?: string | undefined;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  name: string;
  status: string;
  conclusion: string | null;
  externalId: string;
  detailsUrl: string | null;
  startedAt: string | null;
  completedAt: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: Annotation[];
  actions: { readonly label: string; readonly description: string; readonly identifier: string }[];
}

export interface CommitStatus {
  readonly id: number;
  readonly repository: number;
  readonly sha: string;
  readonly state: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly context: string;
  readonly author: number;
  readonly createdAt: string;
}

export interface Release {
  readonly id: number;
  readonly repository: number;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  readonly author: number;
  readonly createdAt: string;
  publishedAt: string | null;
}

export interface Asset {
  readonly id: number;
  readonly release: number;
  readonly name: string;
  readonly label: string | null;
  readonly contentType: string;
  readonly size: number;
  readonly author: number;
  readonly createdAt: string;
}
