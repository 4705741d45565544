import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../../lib/client.ts';
import { bytes } from '../../lib/lines.ts';
import { useCalm, useLoad } from '../../lib/load.ts';
import { goQuery, paths } from '../../lib/router.tsx';
import type { TaskDetail, TaskRow } from '../../lib/types.ts';
import { Fact, Facts, Loading, Problem, Stamps, Status, Time, Took } from '../../ui/basics.tsx';
import { JsonView } from '../../ui/json.tsx';

// What is known of one task: the row at once, its result when it is asked for.
export function TaskPanel({ id, path, row, version }: { id: string; path: string; row: TaskRow | null; version: number }) {
    const ref = useRef<HTMLElement>(null);
    useEffect(() => ref.current?.scrollIntoView({ block: 'nearest' }), [path]);
    return (
        <section ref={ref} class="panel" aria-labelledby="task-head" data-test="task-panel">
            <div class="dialog-head">
                <h2 id="task-head">
                    Task at <code>{path}</code>
                </h2>
                <button type="button" class="copy" aria-label="Close the task" onClick={() => goQuery({ task: '' })}>
                    <span aria-hidden="true">✕</span>
                </button>
            </div>
            {row === null ? <Unread id={id} path={path} version={version} /> : <About task={row} />}
            {row?.status === 'succeeded' && <TaskResult key={path} id={id} path={path} />}
        </section>
    );
}

// A row that was not read with the first pages, or that has not begun.
function Unread({ id, path, version }: { id: string; path: string; version: number }) {
    const { data, error, loading, reload } = useTask(id, path, useCalm(version));
    if (data !== null)
        return (
            <>
                <About task={data} />
                <Value task={data} />
            </>
        );
    return loading ? (
        <Loading what="the task" />
    ) : (
        <>
            <p class="quiet">There is no row of it: it may not have begun.</p>
            <Problem error={error} retry={reload} />
        </>
    );
}

function About({ task }: { task: TaskRow }) {
    return (
        <>
            <Facts>
                <Fact name="Task">{task.task}</Fact>
                <Fact name="Status">
                    <Status value={task.status} />
                </Fact>
                <Fact name="Attempt">
                    {task.attempt}
                    {task.generation > 0 && `, after an operator has retried it (${task.generation})`}
                </Fact>
                <Fact name="Started">
                    <Time at={task.startedAt} />
                </Fact>
                <Fact name="Took">
                    <Took from={task.startedAt} to={task.finishedAt} />
                </Fact>
                {task.progress && (
                    <Fact name="Progress">
                        {task.progress.done}
                        {task.progress.total ? ` of ${task.progress.total}` : ''} {task.progress.message ?? ''}
                    </Fact>
                )}
                {task.stamps.length > 0 && (
                    <Fact name="Stamps">
                        <Stamps stamps={task.stamps} />
                    </Fact>
                )}
            </Facts>
            {task.failure && (
                <p class="failure-line">
                    <span class="quiet">
                        {task.status === 'succeeded' ? 'Failure before:' : `Attempt ${task.attempt} failed:`}
                    </span>{' '}
                    <strong>{task.failure.code}</strong> {task.failure.message}
                </p>
            )}
        </>
    );
}

function TaskResult({ id, path }: { id: string; path: string }) {
    const [wanted, setWanted] = useState(false);
    return wanted ? (
        <LoadedResult id={id} path={path} />
    ) : (
        <button type="button" onClick={() => setWanted(true)}>
            Load the result
        </button>
    );
}

function LoadedResult({ id, path }: { id: string; path: string }) {
    const { data, error, reload } = useTask(id, path, 0);
    return (
        <>
            <Problem error={error} retry={reload} />
            {data === null ? error === null && <Loading what="the result" /> : <Value task={data} />}
        </>
    );
}

function Value({ task }: { task: TaskDetail }) {
    if (task.status !== 'succeeded') return null;
    return task.omitted ? (
        <p class="empty">Its result is too large to be shown: {bytes(task.resultBytes ?? 0)}.</p>
    ) : (
        <JsonView value={task.result} label={`Result of the task at ${task.path}`} />
    );
}

function useTask(id: string, path: string, version: number) {
    return useLoad(
        signal => ask<TaskDetail>(`${paths.workflow(id)}/tasks/${encodeURIComponent(path)}`, { signal }),
        `${id} ${path} ${version}`,
    );
}
