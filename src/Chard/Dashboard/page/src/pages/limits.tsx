import { ask } from '../lib/client.ts';
import { useLoad } from '../lib/load.ts';
import type { Limit } from '../lib/types.ts';
import { Empty, Loading, Page, Problem, TableBox } from '../ui/basics.tsx';

export function Limits() {
    const { data, error, loading, reload } = useLoad(signal => ask<{ limits: Limit[] }>('limits', { signal }), 'limits', 5);
    return (
        <Page
            title="Limits"
            actions={
                <button type="button" onClick={reload}>
                    Refresh
                </button>
            }>
            <Problem error={error} retry={reload} />
            {data === null && loading && <Loading what="the limits" />}
            {data !== null && data.limits.length === 0 && (
                <Empty>
                    No limit is set. What <code>Chard:Limits</code> in the settings bounds, calls at once or a second, would stand
                    here.
                </Empty>
            )}
            {data !== null && data.limits.length > 0 && (
                <TableBox label="Limits">
                    <table class="rows">
                        <thead>
                            <tr>
                                <th scope="col">Limit</th>
                                <th scope="col">Rule</th>
                                <th scope="col" class="number">
                                    Held
                                </th>
                                <th scope="col" class="number">
                                    Waiting
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {data.limits.map(limit => (
                                <tr key={limit.key}>
                                    <td data-label="Limit">
                                        <code tabIndex={-1} data-row="">
                                            {limit.key}
                                        </code>
                                    </td>
                                    <td data-label="Rule">{tellRule(limit)}</td>
                                    <td data-label="Held" class="number">
                                        <Held limit={limit} />
                                    </td>
                                    <td data-label="Waiting" class="number">
                                        {limit.waiting.toLocaleString('en')}
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </TableBox>
            )}
        </Page>
    );
}

export function tellRule({ concurrency, perSecond, burst }: Limit): string {
    const rules = [];
    if (concurrency !== null) rules.push(`${concurrency} at once`);
    if (perSecond !== null) rules.push(`${perSecond} a second${burst !== null ? `, ${burst} of them at the same moment` : ''}`);
    return rules.join('; ') || 'none';
}

function Held({ limit }: { limit: Limit }) {
    if (limit.concurrency === null) return <>{limit.held}</>;
    return (
        <span>
            {limit.held >= limit.concurrency && (
                <span class="status s-parked">
                    <span aria-hidden="true">▲</span> full{' '}
                </span>
            )}
            {limit.held} of {limit.concurrency}{' '}
            <meter aria-label={`Places held of ${limit.key}`} min={0} max={limit.concurrency} value={limit.held} />
        </span>
    );
}
