import { useState } from 'preact/hooks';
import { ask, withQuery } from '../../lib/client.ts';
import { type Filter, tellFilter } from '../../lib/filters.ts';
import { Link, paths } from '../../lib/router.tsx';
import type { WorkflowList, WorkflowStatus } from '../../lib/types.ts';
import { type Amount, BulkDialog } from '../../ui/bulk.tsx';

type Verb = 'cancel' | 'pause' | 'resume';

const verbs: Record<Verb, { label: string; past: string; takes: readonly WorkflowStatus[]; does: string }> = {
    cancel: {
        label: 'Cancel',
        past: 'Cancelled',
        takes: ['queued', 'running', 'parked', 'paused'],
        does: 'What runs in them is told to stop, what waits does not begin, and open dead letters are discarded. This cannot be undone.',
    },
    pause: {
        label: 'Pause',
        past: 'Paused',
        takes: ['running', 'parked', 'queued'],
        does: 'What runs in them finishes, nothing new is started until they are resumed. Those that are queued are refused.',
    },
    resume: { label: 'Resume', past: 'Resumed', takes: ['paused'], does: 'They go on where they were.' },
};

const perPage = 200;
const countedPages = 10;

// The list says how many there are by being walked, as far as it pays.
async function amount(filter: Filter, takes: readonly WorkflowStatus[], signal: AbortSignal): Promise<Amount> {
    const statuses = filter['status'] ? takes.filter(each => each === filter['status']) : takes;
    let n = 0;
    let more = false;
    for (const status of statuses) {
        let continuation: string | null = null;
        let pages = 0;
        do {
            const path = withQuery('workflows', { ...filter, status, limit: perPage, continuation });
            const list: WorkflowList = await ask<WorkflowList>(path, { signal });
            n += list.workflows.length;
            continuation = list.continuation;
            pages++;
        } while (continuation !== null && pages < countedPages);
        more ||= continuation !== null;
    }
    return { n, more };
}

export function BulkButtons({
    filter,
    prefix,
    open,
    done,
}: {
    filter: Filter;
    prefix: string;
    open: (busy: boolean) => void;
    done: () => void;
}) {
    const [verb, setVerb] = useState<Verb | null>(null);
    const [sure, setSure] = useState(false);
    const everything = Object.keys(filter).length === 0;
    const set = (next: Verb | null): void => {
        setVerb(next);
        setSure(false);
        open(next !== null);
    };
    if (prefix !== '')
        return (
            <p class="quiet">
                What is found by the beginning of ids is not acted on as one: filter by a stamp, an owner or the like.
            </p>
        );
    const chosen = verb === null ? null : verbs[verb];
    const whom = everything ? 'All workflows that it can be done to' : `Workflows ${tellFilter(filter)}`;
    return (
        <>
            <span class="quiet">All that the filter finds:</span>
            {(Object.keys(verbs) as Verb[]).map(each => (
                <button type="button" key={each} class={each === 'cancel' ? 'danger' : ''} onClick={() => set(each)}>
                    {verbs[each].label} all…
                </button>
            ))}
            {verb !== null && chosen !== null && (
                <BulkDialog
                    verb={chosen.label}
                    past={chosen.past}
                    noun="workflow"
                    path={`workflows/${verb}`}
                    filter={filter}
                    title={number => `${chosen.label} ${number || 'the'} workflow${number === '1' ? '' : 's'}`}
                    tellTo={`${whom}. ${chosen.does}`}
                    amount={signal => amount(filter, chosen.takes, signal)}
                    danger={verb === 'cancel'}
                    link={id => <Link to={paths.workflow(id)}>{id}</Link>}
                    ready={!everything || sure}
                    close={began => {
                        set(null);
                        if (began) done();
                    }}>
                    {everything && (
                        <label class="check">
                            <input type="checkbox" checked={sure} onChange={event => setSure(event.currentTarget.checked)} />
                            There is no filter: I mean all workflows of the app.
                        </label>
                    )}
                </BulkDialog>
            )}
        </>
    );
}
