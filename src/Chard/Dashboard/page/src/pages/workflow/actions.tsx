import { ask } from '../../lib/client.ts';
import { go, paths } from '../../lib/router.tsx';
import { useRights } from '../../lib/session.ts';
import { say } from '../../lib/toast.ts';
import type { Workflow } from '../../lib/types.ts';
import { Action } from '../../ui/action.tsx';
import { finals } from './live.ts';

const may = {
    cancel: ['queued', 'running', 'parked', 'paused'],
    pause: ['running', 'parked'],
    resume: ['paused'],
};

export function Actions({ workflow, changed }: { workflow: Workflow; changed: () => void }) {
    const rights = useRights();
    if (!rights.operate) return null;
    const { id, status } = workflow;
    const act = async (verb: string): Promise<void> => {
        await ask(`${paths.workflow(id)}/${verb}`, { method: 'POST' });
        changed();
    };
    const erase = async (): Promise<void> => {
        const answer = await ask<{ deleted: boolean }>(paths.workflow(id), { method: 'DELETE' });
        if (!answer.deleted) say(`${id}: the rest goes within minutes.`);
        go('workflows');
    };
    return (
        <>
            {may.resume.includes(status) && (
                <Action label="Resume" kind="primary" run={() => act('resume')} done={`Resumed ${id}.`} />
            )}
            {may.pause.includes(status) && <Action label="Pause" run={() => act('pause')} done={`Paused ${id}.`} />}
            {may.cancel.includes(status) && (
                <Action
                    label="Cancel"
                    kind="danger"
                    run={() => act('cancel')}
                    done={`Cancelled ${id}.`}
                    confirm={
                        <p>
                            What runs is told to stop, what waits does not begin, and its open dead letters are discarded. This
                            cannot be undone.
                        </p>
                    }
                />
            )}
            {finals.includes(status) && (
                <Action
                    label="Delete"
                    kind="danger"
                    run={erase}
                    done={`Deleted ${id}.`}
                    confirm={
                        <p>
                            Everything that was stored of it goes: arguments, results, tasks, dead letters, history. This cannot
                            be undone.
                        </p>
                    }
                />
            )}
        </>
    );
}
