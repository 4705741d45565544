import { apiRoot } from './base.ts';
import { parseJson } from './json.ts';
import { locked, readKey } from './key.ts';
import type { Json, Problem } from './types.ts';

export class ApiError extends Error {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly problem: Problem | null;

    constructor(method: string, path: string, status: number, problem: Problem | null, fallback: string) {
        super(problem?.detail || problem?.title || fallback);
        this.method = method;
        this.path = path;
        this.status = status;
        this.problem = problem;
    }

    get code(): string {
        return this.problem?.type.replace('urn:chard:problem:', '') ?? '';
    }
}

export interface Call {
    method?: string;
    body?: Json;
    // A JSON text to be sent as it is.
    text?: string;
    headers?: Record<string, string>;
    signal?: AbortSignal | undefined;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query: Query): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return text === '' ? path : `${path}?${text}`;
}

export async function send(path: string, call: Call = {}): Promise<Response> {
    const method = call.method ?? 'GET';
    const headers = new Headers(call.headers);
    if (!headers.has('Accept')) headers.set('Accept', 'application/json');
    const key = readKey();
    if (key !== null) headers.set('x-functions-key', key);
    const body = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    let response: Response;
    try {
        response = await fetch(apiRoot + path, {
            method,
            headers,
            body: body ?? null,
            signal: call.signal ?? null,
            cache: 'no-store',
        });
    } catch (error) {
        if (call.signal?.aborted) throw error;
        throw new ApiError(method, path, 0, null, 'The server does not answer. Is it running, and is the network there?');
    }
    if (response.ok || response.status === 304) return response;
    const problem = await readProblem(response);
    // An answer to an old key says nothing about the one that was given meanwhile.
    if (response.status === 401 && readKey() === key) locked.tell();
    throw new ApiError(
        method,
        path,
        response.status,
        problem,
        `The server answered ${response.status} ${response.statusText}`.trim() + '.',
    );
}

async function readProblem(response: Response): Promise<Problem | null> {
    try {
        const value = JSON.parse(await response.text()) as Problem | null;
        return value !== null && typeof value === 'object' && typeof value.type === 'string' ? value : null;
    } catch {
        return null;
    }
}

export async function ask<T>(path: string, call: Call = {}): Promise<T> {
    const response = await send(path, call);
    const text = await response.text();
    try {
        return (text === '' ? null : parseJson(text)) as T;
    } catch {
        throw new ApiError(
            call.method ?? 'GET',
            path,
            response.status,
            null,
            'The answer is no JSON. Is something else at this address?',
        );
    }
}

export function post<T>(path: string, body?: Json, signal?: AbortSignal): Promise<T> {
    return ask<T>(path, { method: 'POST', signal, ...(body === undefined ? {} : { body }) });
}
