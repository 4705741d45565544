import { useRef, useState } from 'preact/hooks';
import { ApiError, ask } from '../../lib/client.ts';
import { Link, paths } from '../../lib/router.tsx';
import { say, sayFailed } from '../../lib/toast.ts';
import type { Accepted, Fault, JsonObject } from '../../lib/types.ts';
import { FaultList, Problem } from '../../ui/basics.tsx';

// A start that was sent and not answered may be sent again: under the same key it starts once. Another document is another start.
function makeKey(): string {
    const random = crypto.getRandomValues(new Uint8Array(16));
    return `dashboard-${Array.from(random, each => each.toString(16).padStart(2, '0')).join('')}`;
}

// `refuse` shows what is wrong with what cannot even be read.
export function Send({
    document: make,
    ready,
    refuse,
    faults,
    heard,
}: {
    document: () => JsonObject;
    ready: boolean;
    refuse: () => void;
    faults: readonly Fault[];
    heard: (faults: readonly Fault[]) => void;
}) {
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<Error | null>(null);
    const [started, setStarted] = useState<Accepted | null>(null);
    const key = useRef({ text: '', value: '' });

    const take = (accepted: Accepted): void => {
        key.current = { text: '', value: '' };
        setStarted(accepted);
        say('Started', { to: paths.workflow(accepted.id), text: accepted.id });
    };
    const start = async (): Promise<void> => {
        if (!ready) {
            refuse();
            requestAnimationFrame(() => document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus());
            return;
        }
        const body = make();
        const text = JSON.stringify(body);
        setBusy(true);
        setError(null);
        setStarted(null);
        heard([]);
        try {
            if (key.current.text !== text) key.current = { text, value: makeKey() };
            const headers: Record<string, string> = body['id'] === undefined ? { 'Idempotency-Key': key.current.value } : {};
            await ask('workflows?check=true', { method: 'POST', body, headers });
            take(await ask<Accepted>('workflows', { method: 'POST', body, headers }));
        } catch (failure) {
            setError(failure as Error);
            if (failure instanceof ApiError) heard(failure.problem?.faults ?? []);
            sayFailed(`Start: ${(failure as Error).message}`);
        }
        setBusy(false);
    };
    return (
        <>
            <div role="status" data-test="start-outcome">
                {started !== null && (
                    <p class="all-well">
                        Started <Link to={paths.workflow(started.id)}>{started.id}</Link>, it is {started.status}.
                    </p>
                )}
            </div>
            {faults.length > 0 && <FaultList faults={faults} />}
            <Problem error={error} />
            <div class="buttons">
                <button type="button" class="primary" disabled={busy} aria-busy={busy} onClick={() => void start()}>
                    Start
                </button>
            </div>
        </>
    );
}
