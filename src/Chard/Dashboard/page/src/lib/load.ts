import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useEpoch } from './session.ts';
import { Bell } from './signal.ts';

export interface Loaded<T> {
    data: T | null;
    error: Error | null;
    loading: boolean;
    reload: () => void;
}

// Loads now, and again every so often while the tab is looked at. What was loaded stays while it is loaded anew, and when that fails.
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, what: string, everySeconds = 0): Loaded<T> {
    const [state, setState] = useState<{ what: string; data: T | null; error: Error | null; loading: boolean }>({
        what,
        data: null,
        error: null,
        loading: true,
    });
    const [turn, setTurn] = useState(0);
    const epoch = useEpoch();
    const latest = useRef(load);
    latest.current = load;

    useEffect(() => {
        const abort = new AbortController();
        let timer = 0;
        let busy = false;
        const run = async (): Promise<void> => {
            clearTimeout(timer);
            if (busy || (document.hidden && everySeconds > 0)) return;
            busy = true;
            setState(old => (old.what === what ? { ...old, loading: true } : { what, data: null, error: null, loading: true }));
            try {
                const data = await latest.current(abort.signal);
                if (!abort.signal.aborted) setState({ what, data, error: null, loading: false });
            } catch (error) {
                if (!abort.signal.aborted) setState(old => ({ ...old, error: error as Error, loading: false }));
            }
            busy = false;
            if (everySeconds > 0 && !abort.signal.aborted && !document.hidden)
                timer = setTimeout(() => void run(), everySeconds * 1000);
        };
        const seen = (): void => {
            if (document.hidden) clearTimeout(timer);
            else if (everySeconds > 0) void run();
        };
        document.addEventListener('visibilitychange', seen);
        void run();
        return () => {
            abort.abort();
            clearTimeout(timer);
            document.removeEventListener('visibilitychange', seen);
        };
    }, [what, turn, epoch, everySeconds]);

    const reload = useCallback(() => setTurn(old => old + 1), []);
    const fresh = state.what === what;
    return { data: fresh ? state.data : null, error: fresh ? state.error : null, loading: !fresh || state.loading, reload };
}

const tick = new Bell();
setInterval(() => {
    if (!document.hidden) tick.tell();
}, 2_000);

// The present moment, told anew as often as relative times need it. One clock for the page: a list has thousands of times.
export function useNow(seconds = 10): number {
    const [now, setNow] = useState(Date.now);
    useEffect(() => tick.hear(() => setNow(old => (Date.now() - old >= seconds * 1000 - 500 ? Date.now() : old))), [seconds]);
    return now;
}

// Events may come many a second; what is read because of them costs the server some work.
export function useCalm(version: number): number {
    const [calm, setCalm] = useState(version);
    useEffect(() => {
        const timer = setTimeout(() => setCalm(version), 2_000);
        return () => clearTimeout(timer);
    }, [version]);
    return calm;
}
