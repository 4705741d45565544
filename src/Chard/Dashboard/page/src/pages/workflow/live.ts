import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, withQuery } from '../../lib/client.ts';
import { paths } from '../../lib/router.tsx';
import { useEpoch } from '../../lib/session.ts';
import { follow } from '../../lib/stream.ts';
import type { TaskPage, TaskRow, Workflow } from '../../lib/types.ts';

export const finals: readonly string[] = ['completed', 'failed', 'cancelled', 'expired'];

export interface Live {
    workflow: Workflow | null;
    error: Error | null;
    // Whether the stream of changes is open.
    live: boolean;
    // Counts the changes heard, for whatever is read beside the status.
    version: number;
    reload: () => void;
}

export function useWorkflow(id: string): Live {
    const [workflow, setWorkflow] = useState<Workflow | null>(null);
    const [error, setError] = useState<Error | null>(null);
    const [live, setLive] = useState(false);
    const [version, setVersion] = useState(0);
    const [turn, setTurn] = useState(0);
    const epoch = useEpoch();

    useEffect(() => {
        let abort = new AbortController();
        const take = (next: Workflow): void => {
            setWorkflow(next);
            setError(null);
            setVersion(old => old + 1);
        };
        const start = async (): Promise<void> => {
            abort.abort();
            abort = new AbortController();
            const { signal } = abort;
            try {
                // Where no stream comes through, asking now and then has to do.
                for (;;) {
                    const now = await ask<Workflow>(paths.workflow(id), { signal });
                    if (signal.aborted) return;
                    take(now);
                    if (finals.includes(now.status) || document.hidden) return;
                    await follow(
                        paths.workflow(id),
                        signal,
                        event => {
                            if (event.event === 'status' && !signal.aborted) take(JSON.parse(event.data) as Workflow);
                        },
                        setLive,
                    );
                    await new Promise(resolve => setTimeout(resolve, 5_000));
                    if (signal.aborted) return;
                }
            } catch (failure) {
                if (!signal.aborted) setError(failure as Error);
            }
        };
        // A tab that nobody looks at holds no connection and asks for nothing.
        const seen = (): void => {
            if (document.hidden) abort.abort();
            else void start();
        };
        document.addEventListener('visibilitychange', seen);
        void start();
        return () => {
            abort.abort();
            document.removeEventListener('visibilitychange', seen);
        };
    }, [id, turn, epoch]);

    return { workflow, error, live, version, reload: useCallback(() => setTurn(old => old + 1), []) };
}

export interface Rows {
    rows: TaskRow[];
    total: number;
    // True where there are more than were read.
    cut: boolean;
    loading: boolean;
    error: Error | null;
    more: () => void;
    reload: () => void;
}

const perPage = 1_000;
const firstPages = 2;

// Rows are read anew after a change, two seconds apart at least, and every five seconds while the workflow is at work.
export function useRows(id: string, version: number, ended: boolean): Rows {
    const [state, setState] = useState<{ rows: TaskRow[]; total: number; cut: boolean }>({ rows: [], total: 0, cut: false });
    const [error, setError] = useState<Error | null>(null);
    const [loading, setLoading] = useState(true);
    const [pages, setPages] = useState(firstPages);
    const [turn, setTurn] = useState(0);
    const changed = useRef<() => void>(() => undefined);
    const last = useRef(0);
    const epoch = useEpoch();
    const found = version > 0;

    useEffect(() => {
        if (!found) return undefined;
        const abort = new AbortController();
        let timer = 0;
        let busy = false;
        let again = false;
        const plan = (delay: number): void => {
            clearTimeout(timer);
            timer = setTimeout(() => void read(), delay);
        };
        const soon = (): void => plan(Math.max(0, last.current + 2_000 - Date.now()));
        const read = async (): Promise<void> => {
            if (document.hidden || busy) return;
            busy = true;
            again = false;
            last.current = Date.now();
            setLoading(true);
            try {
                setState(await readRows(id, pages, abort.signal));
                setError(null);
            } catch (failure) {
                if (abort.signal.aborted) return;
                setError(failure as Error);
            }
            busy = false;
            setLoading(false);
            if (again) soon();
            else if (!ended) plan(5_000);
        };
        // Changes that come while rows are read have them read once more: events without end must not keep them from being read.
        changed.current = () => {
            again = true;
            if (!busy) soon();
        };
        const seen = (): void => {
            if (!document.hidden && (!ended || last.current === 0)) soon();
        };
        document.addEventListener('visibilitychange', seen);
        soon();
        return () => {
            abort.abort();
            clearTimeout(timer);
            changed.current = () => undefined;
            document.removeEventListener('visibilitychange', seen);
        };
    }, [id, found, ended, pages, turn, epoch]);
    useEffect(() => changed.current(), [version]);

    return { ...state, loading, error, more: () => setPages(old => old + 5), reload: () => setTurn(old => old + 1) };
}

async function readRows(
    id: string,
    pages: number,
    signal: AbortSignal,
): Promise<{ rows: TaskRow[]; total: number; cut: boolean }> {
    const rows: TaskRow[] = [];
    let continuation: string | null = null;
    let total = 0;
    for (let read = 0; read < pages; read++) {
        const path = withQuery(paths.workflow(id), { tasks: true, limit: perPage, continuation });
        const page: TaskPage = await ask<TaskPage>(path, { signal });
        rows.push(...page.tasks);
        total = page.tasksTotal;
        continuation = page.continuation;
        if (continuation === null) break;
    }
    return { rows, total, cut: continuation !== null };
}
