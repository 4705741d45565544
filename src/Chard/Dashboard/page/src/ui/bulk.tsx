import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { runBulk } from '../lib/bulk.ts';
import type { Filter } from '../lib/filters.ts';
import { count } from '../lib/lines.ts';
import { nothingYet, type Outcome } from '../lib/outcome.ts';
import { say, sayFailed } from '../lib/toast.ts';
import type { JsonObject } from '../lib/types.ts';
import { Problem } from './basics.tsx';
import { Dialog } from './dialog.tsx';

export interface Amount {
    n: number;
    more: boolean;
}

// Does one thing to all that a filter finds: says first to how many, shows how far it is, and tells afterwards what was refused.
export function BulkDialog({
    verb,
    past,
    noun,
    title,
    path,
    filter,
    extra = {},
    tellTo,
    amount,
    link,
    close,
    children,
    ready = true,
    danger = false,
}: {
    verb: string;
    past: string;
    noun: string;
    title: (amount: string) => string;
    path: string;
    filter: Filter;
    extra?: JsonObject;
    tellTo: string;
    amount: (signal: AbortSignal) => Promise<Amount>;
    link: (id: string) => ComponentChildren;
    close: (done: boolean) => void;
    children?: ComponentChildren;
    ready?: boolean;
    danger?: boolean;
}) {
    const [found, setFound] = useState<Amount | Error | null>(null);
    const [outcome, setOutcome] = useState<Outcome>(nothingYet);
    const [phase, setPhase] = useState<'ask' | 'run' | 'stopped' | 'done'>('ask');
    const [error, setError] = useState<Error | null>(null);
    const abort = useRef(new AbortController());

    useEffect(() => {
        const counting = new AbortController();
        amount(counting.signal).then(setFound, (failure: Error) => {
            if (!counting.signal.aborted) setFound(failure);
        });
        return () => {
            counting.abort();
            abort.current.abort();
        };
    }, []);

    const run = async (): Promise<void> => {
        abort.current = new AbortController();
        const { signal } = abort.current;
        setError(null);
        setPhase('run');
        let sum = outcome;
        try {
            await runBulk(path, filter, extra, outcome, signal, next => setOutcome((sum = next)));
            setPhase(sum.continuation === null ? 'done' : 'stopped');
            if (sum.continuation === null) {
                if (sum.refusedCount > 0)
                    sayFailed(`${count(sum.refusedCount, noun)} refused. ${past} ${count(sum.done, noun)}.`);
                else say(`${past} ${count(sum.done, noun)}.`);
            }
        } catch (failure) {
            setPhase('stopped');
            if (!signal.aborted) setError(failure as Error);
        }
    };

    const number =
        found === null || found instanceof Error ? '' : `${found.n.toLocaleString('en')}${found.more ? ' or more' : ''}`;
    const label = number === '' ? verb : `${verb} ${number}`;
    const began = phase !== 'ask';
    return (
        <Dialog title={title(number)} close={() => close(began)} stay={phase === 'run'}>
            <p>{tellTo}</p>
            {found === null && (
                <p class="quiet" role="status">
                    Counting…
                </p>
            )}
            {found instanceof Error && <p class="quiet">How many there are cannot be told: {found.message}</p>}
            {!began && children}
            {began && (
                <div role="status" data-test="bulk-outcome">
                    <p>
                        <strong>{phase === 'done' ? 'Done' : phase === 'run' ? 'At work' : 'Not done'}</strong>:{' '}
                        {outcome.matched.toLocaleString('en')} matched, {outcome.done.toLocaleString('en')} {past.toLowerCase()},{' '}
                        {outcome.refusedCount.toLocaleString('en')} refused.
                    </p>
                    {phase === 'run' && found !== null && !(found instanceof Error) && (
                        <progress aria-label="Progress" max={Math.max(found.n, outcome.matched, 1)} value={outcome.matched} />
                    )}
                </div>
            )}
            {phase === 'stopped' && !error && <p>Stopped before the end. What was done stays done.</p>}
            <Problem error={error} />
            {outcome.refused.length > 0 && (
                <details open>
                    <summary>Refused ({outcome.refusedCount.toLocaleString('en')})</summary>
                    <ul class="refused">
                        {outcome.refused.map(each => (
                            <li key={each.id}>
                                {link(each.id)} {each.reason}
                            </li>
                        ))}
                    </ul>
                </details>
            )}
            <div class="buttons">
                {phase === 'run' ? (
                    <button type="button" onClick={() => abort.current.abort()}>
                        Stop
                    </button>
                ) : (
                    <button type="button" onClick={() => close(began)}>
                        {began ? 'Close' : 'Leave them'}
                    </button>
                )}
                {phase === 'ask' && (
                    <button
                        type="button"
                        class={danger ? 'danger' : 'primary'}
                        onClick={() => void run()}
                        disabled={!ready || found === null || (!(found instanceof Error) && found.n === 0)}>
                        {label}
                    </button>
                )}
                {phase === 'stopped' && (
                    <button type="button" class="primary" onClick={() => void run()}>
                        Go on
                    </button>
                )}
            </div>
        </Dialog>
    );
}
