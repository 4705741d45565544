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

export function ReasonList({ id, reasons }: { id: string; reasons: readonly Reason[] }) {
    return (
        <ul class="reasons">
            {reasons.map((reason, index) => (
                <li key={index}>
                    <span class="badge">{reason.code}</span> {reason.message}{' '}
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
                </li>
            ))}
        </ul>
    );
}
