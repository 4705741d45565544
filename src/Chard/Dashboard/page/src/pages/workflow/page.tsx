import { ask, withQuery } from '../../lib/client.ts';
import { count } from '../../lib/lines.ts';
import { useLoad } from '../../lib/load.ts';
import { paths, usePlace } from '../../lib/router.tsx';
import type { DeadLetter, LetterList, StartDocument } from '../../lib/types.ts';
import { Empty, Id, Loading, Page, Problem } from '../../ui/basics.tsx';
import { JsonView } from '../../ui/json.tsx';
import { Actions } from './actions.tsx';
import { Header } from './header.tsx';
import { Letters } from './letters.tsx';
import { finals, useRows, useWorkflow } from './live.ts';
import { Result, StartedWith } from './documents.tsx';
import { WhyNot } from './reasons.tsx';
import { TaskPanel } from './task.tsx';
import { Timeline } from './timeline.tsx';
import { Tree } from './tree.tsx';

const none: readonly DeadLetter[] = [];

export function WorkflowPage({ id }: { id: string }) {
    const { query } = usePlace();
    const selected = query.get('task');
    const { workflow, error, live, version, reload } = useWorkflow(id);
    const ended = workflow !== null && finals.includes(workflow.status);
    const rows = useRows(id, version, ended);
    const start = useLoad(
        signal => ask<StartDocument>(`${paths.workflow(id)}/start`, { signal }),
        `${id} ${workflow?.status === 'queued'}`,
    );
    const letters = useLoad(
        signal => ask<LetterList>(withQuery('dead-letters', { workflowId: id, limit: 200 }), { signal }),
        `${id} ${workflow?.status ?? ''} ${workflow?.progress?.failed ?? 0}`,
    );
    const found = letters.data?.deadLetters ?? none;
    const row = rows.rows.find(each => each.path === selected) ?? null;
    return (
        <Page
            title={`Workflow ${id}`}
            heading={
                <>
                    Workflow <Id id={id} />
                </>
            }
            actions={
                <>
                    <span class="quiet" data-test="live">
                        {ended ? '' : live ? '● live' : '○ not live'}
                    </span>
                    <button
                        type="button"
                        onClick={() => {
                            reload();
                            rows.reload();
                            letters.reload();
                        }}>
                        Refresh
                    </button>
                    {workflow !== null && <Actions workflow={workflow} changed={reload} />}
                </>
            }>
            <Problem error={error} retry={reload} />
            {workflow === null && error === null && <Loading what="the workflow" />}
            {workflow !== null && (
                <>
                    <Header workflow={workflow} />
                    {!ended && <WhyNot id={id} version={version} />}
                    <Letters id={id} letters={letters} />
                    {selected !== null && <TaskPanel id={id} path={selected} row={row} version={version} />}
                    <section aria-labelledby="tasks-head">
                        <h2 id="tasks-head">
                            Tasks {rows.total > 0 && <span class="quiet">{count(rows.total, 'task')} begun</span>}
                        </h2>
                        <Problem error={rows.error} retry={rows.reload} />
                        {rows.cut && (
                            <p class="notice">
                                Of {rows.total.toLocaleString('en')} tasks the first {rows.rows.length.toLocaleString('en')} are
                                read; failures that left a dead letter are shown all the same.{' '}
                                <button type="button" disabled={rows.loading} onClick={rows.more}>
                                    Read more
                                </button>
                            </p>
                        )}
                        {rows.rows.length === 0 && rows.loading && <Loading what="the tasks" />}
                        {rows.rows.length === 0 && !rows.loading && rows.error === null && <Empty>No task has begun yet.</Empty>}
                        <Tree
                            id={id}
                            canvas={start.data?.canvas ?? null}
                            rows={rows.rows}
                            letters={found}
                            selected={selected}
                            ended={ended}
                        />
                    </section>
                    {rows.rows.length > 0 && <Timeline id={id} rows={rows.rows} />}
                    <StartedWith start={start} />
                    {workflow.status === 'completed' && <Result id={id} />}
                    <details>
                        <summary>Status as JSON</summary>
                        <JsonView value={JSON.parse(JSON.stringify(workflow))} label="Status as JSON" />
                    </details>
                </>
            )}
        </Page>
    );
}
