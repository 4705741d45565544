// Documents of the HTTP API, as docs/http-api.md tells them.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export type Role = 'reader' | 'starter' | 'operator';

export interface Session {
    role: Role;
    name: string | null;
    readOnly: boolean;
    mask: string[];
    hub: string;
    version: string;
}

export const workflowStatuses = ['queued', 'running', 'parked', 'paused', 'completed', 'failed', 'cancelled', 'expired'] as const;
export type WorkflowStatus = (typeof workflowStatuses)[number];

export interface Failure {
    code: string;
    message: string;
}

export interface Workflow {
    id: string;
    workflow: string;
    status: WorkflowStatus;
    owner: string | null;
    stamps: string[];
    progress: { total: number; succeeded: number; failed: number } | null;
    createdAt: string;
    startAt: string | null;
    expiresAt: string | null;
    startedAt: string | null;
    completedAt: string | null;
    error: (Failure & { task: string | null }) | null;
}

export interface WorkflowList {
    workflows: Workflow[];
    continuation: string | null;
}

export type TaskStatus = 'running' | 'succeeded' | 'failed' | 'rateLimited';

export interface TaskRow {
    path: string;
    task: string;
    status: TaskStatus;
    attempt: number;
    generation: number;
    startedAt: string;
    finishedAt: string | null;
    progress: { done: number; total?: number | null; message?: string | null } | null;
    failure: Failure | null;
    stamps: string[];
}

export interface TaskDetail extends TaskRow {
    result: Json;
    resultBytes: number | null;
    omitted: boolean;
}

export interface TaskPage extends Workflow {
    tasks: TaskRow[];
    tasksTotal: number;
    continuation: string | null;
}

export interface StartDocument {
    id: string;
    orchestrator: string;
    canvas: Json;
    args: Json;
    bytes: number;
    omitted: boolean;
}

export interface Reason {
    code: string;
    message: string;
    path: string | null;
    task: string | null;
    since: string | null;
    until: string | null;
    deadLetter: string | null;
    limit: string | null;
}

export interface Reasons {
    reasons: Reason[];
    more: boolean;
}

export interface StuckList {
    workflows: { workflow: Workflow; reasons: Reason[] }[];
    more: boolean;
}

export const letterOrigins = ['task', 'startMessage', 'taskMessage'] as const;
export const letterStates = ['open', 'retried', 'skipped', 'failed', 'discarded'] as const;
export type LetterState = (typeof letterStates)[number];

export interface DeadLetter {
    id: string;
    origin: 'task' | 'startMessage' | 'taskMessage';
    workflowId: string | null;
    workflow: string | null;
    task: string | null;
    path: string | null;
    class: string;
    kind: string;
    message: string;
    chain: { type: string; message: string }[];
    attempts: number;
    args: Json;
    argsBytes: number | null;
    parked: boolean;
    state: LetterState;
    stamps: string[];
    createdAt: string;
    resolvedAt: string | null;
    resolvedBy: string | null;
    retriedAs: string | null;
}

export interface LetterList {
    deadLetters: DeadLetter[];
    continuation: string | null;
}

export interface LetterGroup {
    task: string | null;
    class: string;
    kind: string;
    origin: string;
    count: number;
    parked: number;
    first: string;
    last: string;
    message: string;
    newest: string;
    times: number[];
}

export interface GroupList {
    groups: LetterGroup[];
    total: number;
    more: boolean;
    from: string | null;
    bucketSeconds: number;
}

export interface BulkAnswer {
    matched: number;
    cancelled?: number;
    paused?: number;
    resumed?: number;
    retried?: number;
    resolved?: number;
    refused: { id: string; reason: string }[];
    continuation: string | null;
}

export interface TaskType {
    name: string;
    description: string | null;
    args: Json;
    result: Json;
    policy: JsonObject;
    probe: boolean;
}

export interface Limit {
    key: string;
    concurrency: number | null;
    perSecond: number | null;
    burst: number | null;
    held: number;
    waiting: number;
}

export interface Schedule {
    name: string;
    cron: string;
    timeZone: string;
    catchUp: string;
    enabled: boolean;
    next: string | null;
    upcoming?: string[];
    last: { tick: string; workflowId: string; link: string } | null;
    missed: number;
}

export interface Times {
    p50: number | null;
    p95: number | null;
    baselineP95: number | null;
    ratio: number | null;
}

export interface Minute {
    at: string;
    tasks: number;
    failed: number;
    deadLetters: number;
    workflows: number;
    p50: number | null;
    p95: number | null;
}

export interface Metrics {
    instance: string;
    since: string;
    windowSeconds: number;
    tasks: {
        task: string;
        attempts: { [outcome: string]: number };
        deadLetters: number;
        duplicates: number;
        routes: { route: string; perSecond: number; latency: Times; duration: Times }[];
    }[];
    deadLetters: { [kind: string]: number };
    parked: number | null;
    queues: { [name: string]: number };
    history?: Minute[];
}

export interface Accepted {
    id: string;
    status: WorkflowStatus;
}

export interface Fault {
    pointer: string;
    message: string;
}

export interface Problem {
    type: string;
    title: string;
    status: number;
    detail?: string;
    faults?: Fault[];
    state?: string;
}
