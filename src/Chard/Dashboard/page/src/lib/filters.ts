import type { JsonObject } from './types.ts';

// Filters live in the query of the page's URL, under the names that the API has for them.
export type Filter = Record<string, string>;

export const workflowFilters = ['status', 'workflow', 'owner', 'stamp', 'error', 'from', 'before'] as const;
export const letterFilters = ['origin', 'task', 'class', 'workflow', 'workflowId', 'stamp', 'from', 'before'] as const;

export function readFilter(query: URLSearchParams, names: readonly string[]): Filter {
    const filter: Filter = {};
    for (const name of names) {
        const value = query.get(name);
        if (value) filter[name] = value;
    }
    return filter;
}

export function bulkBody(filter: Filter): JsonObject {
    return Object.keys(filter).length === 0 ? { all: true } : { ...filter };
}

const phrases: Record<string, (value: string) => string> = {
    status: value => `with status ${value}`,
    workflow: value => `of workflow ${value}`,
    workflowId: value => `of the workflow with id ${value}`,
    owner: value => `owned by ${value}`,
    stamp: value => `stamped ${value}`,
    error: value => `failed with ${value}`,
    origin: value => (value === 'task' ? 'of tasks' : value === 'startMessage' ? 'of messages to start' : 'of messages for tasks'),
    task: value => `of task ${value}`,
    class: value => `with fault ${value}`,
    from: value => `since ${new Date(value).toLocaleString()}`,
    before: value => `before ${new Date(value).toLocaleString()}`,
    idPrefix: value => `whose id begins with ${value}`,
};

export function tellFilter(filter: Filter): string {
    return Object.entries(filter)
        .map(([name, value]) => (phrases[name] ?? (v => `${name} ${v}`))(value))
        .join(', ');
}
