import { useEffect, useState } from 'preact/hooks';
import { ask } from '../../lib/client.ts';
import { useCalm, useLoad } from '../../lib/load.ts';
import { Link, paths } from '../../lib/router.tsx';
import type { Reason, Reasons } from '../../lib/types.ts';
import { Empty, Loading, Problem, Time } from '../../ui/basics.tsx';

export function WhyNot({ id, version }: { id: string; version: number }) {
    const calm = useCalm(version);
    const { data, error, loading, reload } = useLoad(
        signal => ask<Reasons>(`${paths.workflow(id)}/reasons`, { signal }),
        `${id} ${calm}`,
        10,
    );
    const [last, setLast] = useState<Reasons | null>(null);
    useEffect(() => {
        if (data !== null) setLast(data);
    }, [data]);
    const shown = data ?? last;
    return (
        <section aria-labelledby="why-head" data-test="reasons">
            <h2 id="why-head">Why is it not done?</h2>
            <Problem error={error} retry={reload} />
            {shown === null && loading && <Loading what="the reasons" />}
            {shown !== null && shown.reasons.length === 0 && <Empty>Nothing holds it up: it is at work.</Empty>}
            {shown !== null && <ReasonList id={id} reasons={shown.reasons} />}
            {shown?.more && <p class="quiet">There are more reasons of these kinds.</p>}
        </section>
    );
}

const shownOfAKind = 3;

// Forty tasks that are parked by one fault are one thing to know, not forty.
export function ReasonList({ id, reasons }: { id: string; reasons: readonly Reason[] }) {
    const kinds = new Map<string, Reason[]>();
    for (const reason of reasons) {
        const kind = `${reason.code} ${reason.message}`;
        kinds.set(kind, [...(kinds.get(kind) ?? []), reason]);
    }
    return (
        <ul class="reasons">
            {[...kinds].map(([kind, alike]) => (
                <Kind key={kind} id={id} alike={alike} />
            ))}
        </ul>
    );
}

function Kind({ id, alike }: { id: string; alike: readonly Reason[] }) {
    const [all, setAll] = useState(false);
    const first = alike[0];
    if (first === undefined) return null;
    return (
        <li>
            <span class="badge">{first.code}</span> {first.message}{' '}
            {(all ? alike : alike.slice(0, shownOfAKind)).map((reason, index) => (
                <Where key={index} id={id} reason={reason} />
            ))}
            {!all && alike.length > shownOfAKind && (
                <button type="button" onClick={() => setAll(true)}>
                    {alike.length - shownOfAKind} more alike
                </button>
            )}
        </li>
    );
}

function Where({ id, reason }: { id: string; reason: Reason }) {
    return (
        <span class="where">
            {reason.path !== null && (
                <Link to={paths.workflow(id, reason.path)}>
                    {reason.task ?? 'task'} at {reason.path}
                </Link>
            )}{' '}
            {reason.deadLetter !== null && <Link to={paths.letter(reason.deadLetter)}>Decide about the dead letter</Link>}{' '}
            {reason.limit !== null && <Link to="limits">Limit {reason.limit}</Link>}{' '}
            {reason.since !== null && (
                <span class="quiet">
                    since <Time at={reason.since} />
                </span>
            )}{' '}
            {reason.until !== null && (
                <span class="quiet">
                    due <Time at={reason.until} />
                </span>
            )}
        </span>
    );
}
