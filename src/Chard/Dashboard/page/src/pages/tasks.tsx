import { useState } from 'preact/hooks';
import { ask, withQuery } from '../lib/client.ts';
import { useLoad } from '../lib/load.ts';
import { Link, paths } from '../lib/router.tsx';
import { useRights } from '../lib/session.ts';
import { duration } from '../lib/time.ts';
import type { JsonObject, Metrics, TaskType } from '../lib/types.ts';
import { Empty, Loading, Page, Problem } from '../ui/basics.tsx';
import { JsonView } from '../ui/json.tsx';

export function Tasks() {
    const { data, error, loading, reload } = useLoad(signal => ask<{ tasks: TaskType[] }>('tasks', { signal }), 'tasks');
    const metrics = useLoad(signal => ask<Metrics>('metrics', { signal }), 'metrics', 10);
    const [text, setText] = useState('');
    const wanted = text.trim().toLowerCase();
    const found = (data?.tasks ?? []).filter(task => `${task.name} ${task.description ?? ''}`.toLowerCase().includes(wanted));
    return (
        <Page
            title="Tasks"
            actions={
                <button type="button" onClick={reload}>
                    Refresh
                </button>
            }>
            <div class="search" role="search" aria-label="Find a task">
                <label>
                    Name or description
                    <input type="search" data-search="" value={text} onInput={event => setText(event.currentTarget.value)} />
                </label>
            </div>
            <Problem error={error} retry={reload} />
            {data === null && loading && <Loading what="the tasks" />}
            {data !== null && found.length === 0 && (
                <Empty>{wanted ? 'No task fits.' : 'The app has no task. Its classes that are tasks would stand here.'}</Empty>
            )}
            <Problem error={metrics.error} retry={metrics.reload} />
            <ul class="needs plain" aria-label="Tasks">
                {found.map(task => (
                    <Task key={task.name} task={task} metrics={metrics.data} />
                ))}
            </ul>
        </Page>
    );
}

function Task({ task, metrics }: { task: TaskType; metrics: Metrics | null }) {
    const [open, setOpen] = useState(false);
    const rights = useRights();
    const measured = metrics?.tasks.find(each => each.task === task.name);
    return (
        <li data-test={`task-${task.name}`}>
            <h2 class="name">{task.name}</h2>
            {rights.start && (
                <Link to={withQuery('start', { task: task.name })} data-row="" aria-label={`Start ${task.name}`}>
                    Start
                </Link>
            )}
            <Link to={paths.letters({ task: task.name })} aria-label={`Dead letters of ${task.name}`}>
                Dead letters
            </Link>
            {task.description && <span class="under">{task.description}</span>}
            <span class="under">
                {tellPolicy(task.policy)}
                {task.probe && ', with a probe'}
            </span>
            {measured?.routes.map(route => (
                <span class="under" key={route.route}>
                    {route.route} route: {route.perSecond} a second, takes {times(route.duration.p50)} (p50) to{' '}
                    {times(route.duration.p95)} (p95), waits {times(route.latency.p50)} to {times(route.latency.p95)}
                </span>
            ))}
            <details onToggle={event => setOpen(event.currentTarget.open)}>
                <summary>Schema and policy</summary>
                {open && (
                    <>
                        <h3>Arguments</h3>
                        <JsonView value={task.args} label={`Schema of the arguments of ${task.name}`} plain />
                        <h3>Result</h3>
                        <JsonView value={task.result} label={`Schema of the result of ${task.name}`} plain />
                        <h3>Policy</h3>
                        <JsonView value={task.policy} label={`Policy of ${task.name}`} plain />
                    </>
                )}
            </details>
        </li>
    );
}

function times(seconds: number | null): string {
    return seconds === null ? '–' : duration(seconds);
}

function tellPolicy(policy: JsonObject): string {
    const { attempts, onExhausted, route, limit } = policy;
    const told = [];
    if (typeof attempts === 'number') told.push(`${attempts} attempt${attempts === 1 ? '' : 's'}`);
    if (typeof onExhausted === 'string') told.push(`then ${onExhausted}`);
    if (typeof route === 'string') told.push(`${route} route`);
    if (typeof limit === 'string') told.push(`limit ${limit}`);
    return told.join(', ');
}
