import { ask } from '../../lib/client.ts';
import { useLoad } from '../../lib/load.ts';
import { goQuery, usePlace } from '../../lib/router.tsx';
import { useRights, useSession } from '../../lib/session.ts';
import type { TaskType } from '../../lib/types.ts';
import { Loading, Page, Problem } from '../../ui/basics.tsx';
import { DocumentStart } from './document.tsx';
import { TaskStart } from './task.tsx';

export function Start() {
    const { query } = usePlace();
    const rights = useRights();
    const session = useSession();
    const tasks = useLoad(signal => ask<{ tasks: TaskType[] }>('tasks', { signal }), 'tasks');
    const name = query.get('task') ?? '';
    const mode = query.get('as') ?? 'task';
    if (!rights.start) {
        return (
            <Page title="Start">
                <p>
                    {session.readOnly
                        ? 'This dashboard is read only: nobody starts anything here.'
                        : `A ${session.role} may not start anything.`}
                </p>
            </Page>
        );
    }
    const task = tasks.data?.tasks.find(each => each.name === name);
    const tab = (as: string, text: string) => (
        <button type="button" aria-pressed={mode === as} onClick={() => goQuery({ as: as === 'task' ? '' : as })}>
            {text}
        </button>
    );
    return (
        <Page title="Start">
            <div class="toolbar">
                <div class="tabs" role="group" aria-label="What to start">
                    {tab('task', 'A task')}
                    {tab('document', 'A workflow or canvas, as JSON')}
                </div>
            </div>
            {mode === 'document' ? (
                <DocumentStart />
            ) : (
                <>
                    <Problem error={tasks.error} retry={tasks.reload} />
                    {tasks.data === null && tasks.loading && <Loading what="the tasks" />}
                    {tasks.data !== null && (
                        <div class="form">
                            <label>
                                Task
                                <select
                                    value={name}
                                    data-search=""
                                    onChange={event => goQuery({ task: event.currentTarget.value })}>
                                    <option value="">Choose a task</option>
                                    {tasks.data.tasks.map(each => (
                                        <option key={each.name} value={each.name}>
                                            {each.name}
                                        </option>
                                    ))}
                                </select>
                            </label>
                            {task?.description && <p class="quiet">{task.description}</p>}
                            {name !== '' && task === undefined && <p class="refusal">There is no task {name}.</p>}
                        </div>
                    )}
                    {task !== undefined && <TaskStart key={task.name} task={task} />}
                </>
            )}
        </Page>
    );
}
