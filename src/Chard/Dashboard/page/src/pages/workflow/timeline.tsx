import { useState } from 'preact/hooks';
import { count } from '../../lib/lines.ts';
import { useNow } from '../../lib/load.ts';
import { Link, paths } from '../../lib/router.tsx';
import { between, duration } from '../../lib/time.ts';
import type { TaskRow } from '../../lib/types.ts';
import { Status } from '../../ui/basics.tsx';

const shownAtOnce = 100;

// When each task was at work, on one scale. The words beside the bars say the same.
export function Timeline({ id, rows }: { id: string; rows: readonly TaskRow[] }) {
    const [limit, setLimit] = useState(shownAtOnce);
    const now = useNow(2);
    const ordered = [...rows].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
    const begin = Date.parse(ordered[0]?.startedAt ?? '');
    const end = rows.reduce(
        (latest, row) => Math.max(latest, row.finishedAt === null ? now : Date.parse(row.finishedAt)),
        begin + 1,
    );
    const scale = 100 / (end - begin);
    return (
        <section aria-labelledby="timeline-head">
            <h2 id="timeline-head">
                Timeline <span class="quiet">over {duration((end - begin) / 1000)}</span>
            </h2>
            <ol class="timeline" data-test="timeline">
                {ordered.slice(0, limit).map(row => {
                    const from = Date.parse(row.startedAt);
                    const to = row.finishedAt === null ? end : Date.parse(row.finishedAt);
                    return (
                        <li key={row.path}>
                            <Link to={paths.workflow(id, row.path)}>
                                {row.task} <code class="quiet">{row.path}</code>
                            </Link>
                            <svg class={`bar s-${row.status}`} aria-hidden="true">
                                <rect
                                    x={`${(from - begin) * scale}%`}
                                    width={`${Math.max((to - from) * scale, 0.4)}%`}
                                    y="25%"
                                    height="50%"
                                    rx="2"
                                />
                            </svg>
                            <span class="took">
                                <Status value={row.status} /> {duration(between(row.startedAt, row.finishedAt, now))}
                            </span>
                        </li>
                    );
                })}
            </ol>
            {ordered.length > limit && (
                <button type="button" onClick={() => setLimit(limit + 5 * shownAtOnce)}>
                    {count(ordered.length - limit, 'more task')}
                </button>
            )}
        </section>
    );
}
