import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useEpoch } from './session.ts';

export interface Batch<T> {
    items: T[];
    continuation: string | null;
}

export interface Paged<T> {
    items: T[];
    // Rows that were left behind, for the page holds only so many.
    skipped: number;
    next: string | null;
    loading: boolean;
    error: Error | null;
    more: () => void;
    reload: () => void;
}

// The document stays quick however long the list: beyond this many rows the next page takes the place of those before it.
export const maxRows = 2_000;

export function usePages<T>(
    load: (continuation: string | null, signal: AbortSignal) => Promise<Batch<T>>,
    what: string,
    everySeconds = 0,
): Paged<T> {
    const empty = { items: [] as T[], skipped: 0, next: null as string | null, pages: 0 };
    const [state, setState] = useState(empty);
    const [loading, setLoading] = useState(true);
    const [error, setError] = useState<Error | null>(null);
    const [turn, setTurn] = useState(0);
    const epoch = useEpoch();
    const latest = useRef(load);
    latest.current = load;
    const abort = useRef(new AbortController());
    const busy = useRef(false);
    const shown = useRef({ ...empty, what: '' });

    const take = useCallback(async (continuation: string | null): Promise<void> => {
        abort.current.abort();
        abort.current = new AbortController();
        const { signal } = abort.current;
        busy.current = true;
        setLoading(true);
        setError(null);
        try {
            const batch = await latest.current(continuation, signal);
            if (signal.aborted) return;
            const old = shown.current;
            const keep = continuation !== null && old.items.length + batch.items.length <= maxRows ? old.items : [];
            const skipped = continuation === null ? 0 : keep.length > 0 ? old.skipped : old.skipped + old.items.length;
            shown.current = {
                ...old,
                items: [...keep, ...batch.items],
                skipped,
                next: batch.continuation,
                pages: continuation === null ? 1 : old.pages + 1,
            };
            setState(shown.current);
        } catch (failure) {
            if (signal.aborted) return;
            setError(failure as Error);
        }
        busy.current = false;
        setLoading(false);
    }, []);

    useEffect(() => {
        if (shown.current.what !== what) {
            shown.current = { ...empty, what };
            setState(empty);
        }
        void take(null);
        return () => abort.current.abort();
    }, [what, turn, epoch]);

    // Only the first page is read again by itself: who has gone further reads, and does not want rows to move.
    useEffect(() => {
        if (everySeconds === 0) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden && !busy.current && shown.current.pages === 1) void take(null);
        }, everySeconds * 1000);
        return () => clearInterval(timer);
    }, [everySeconds]);

    return {
        items: state.items,
        skipped: state.skipped,
        next: state.next,
        loading,
        error,
        more: () => {
            if (state.next !== null) void take(state.next);
        },
        reload: () => setTurn(old => old + 1),
    };
}
