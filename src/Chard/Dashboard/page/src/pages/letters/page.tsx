import { useState } from 'preact/hooks';
import { ask, withQuery } from '../../lib/client.ts';
import { type Filter, letterFilters, readFilter } from '../../lib/filters.ts';
import { type Batch, usePages } from '../../lib/pages.ts';
import { goQuery, Link, paths, usePlace } from '../../lib/router.tsx';
import { useRights } from '../../lib/session.ts';
import { type DeadLetter, type LetterList, letterOrigins, letterStates } from '../../lib/types.ts';
import { Page, Stamps, Status, TableBox, Time } from '../../ui/basics.tsx';
import { type Field, FilterBar } from '../../ui/filters.tsx';
import { ListFoot } from '../../ui/more.tsx';
import { AllAlike } from './alike.tsx';
import { Groups } from './groups.tsx';

const fields: readonly Field[] = [
    { name: 'state', label: 'State', kind: 'choice', choices: letterStates, all: 'all' },
    { name: 'origin', label: 'Kind', kind: 'choice', choices: letterOrigins },
    { name: 'task', label: 'Task' },
    { name: 'class', label: 'Fault' },
    { name: 'workflow', label: 'Workflow' },
    { name: 'workflowId', label: 'Workflow id' },
    { name: 'stamp', label: 'Stamp' },
    { name: 'from', label: 'From', kind: 'time' },
    { name: 'before', label: 'Before', kind: 'time' },
];
const blank: Filter = Object.fromEntries(letterFilters.map(name => [name, '']));

export function DeadLetters() {
    const { query } = usePlace();
    const rights = useRights();
    const [turn, setTurn] = useState(0);
    const filter = readFilter(query, letterFilters);
    // What needs somebody is what one comes for; `all` is asked for.
    const state = query.get('state') ?? 'open';
    const narrowed = filter['task'] !== undefined || filter['class'] !== undefined || query.has('state');
    const view = query.get('view') ?? (narrowed ? 'letters' : 'groups');
    const shown: Filter = state === 'all' ? filter : { ...filter, state };
    const change = ({ state: next, ...rest }: Filter): void =>
        goQuery({ ...blank, ...rest, state: next === 'open' ? '' : (next ?? 'all'), view });
    const tab = (name: string, text: string) => (
        <button type="button" aria-pressed={view === name} onClick={() => goQuery({ view: name }, false)}>
            {text}
        </button>
    );
    return (
        <Page
            title="Dead letters"
            actions={
                <button type="button" onClick={() => setTurn(turn + 1)}>
                    Refresh
                </button>
            }>
            <div class="toolbar">
                <div class="tabs" role="group" aria-label="View">
                    {tab('groups', 'By fault')}
                    {tab('letters', 'Letters')}
                </div>
            </div>
            <FilterBar
                fields={fields}
                filter={shown}
                change={change}
                label="Filter dead letters"
                clear={Object.keys(filter).length > 0 || state !== 'open' ? () => goQuery({ ...blank, state: '', view }) : null}
            />
            {rights.operate && state === 'open' && (view === 'letters' || Object.keys(filter).length > 0) && (
                <div class="toolbar">
                    <AllAlike filter={filter} done={() => setTurn(turn + 1)} />
                </div>
            )}
            {view === 'letters' ? <List filter={shown} turn={turn} /> : <Groups filter={filter} state={state} turn={turn} />}
        </Page>
    );
}

async function page(filter: Filter, continuation: string | null, signal: AbortSignal): Promise<Batch<DeadLetter>> {
    const list = await ask<LetterList>(withQuery('dead-letters', { ...filter, limit: 100, continuation }), { signal });
    return { items: list.deadLetters, continuation: list.continuation };
}

function List({ filter, turn }: { filter: Filter; turn: number }) {
    const list = usePages((continuation, signal) => page(filter, continuation, signal), JSON.stringify([filter, turn]));
    return (
        <>
            {list.items.length > 0 && <LetterTable letters={list.items} label="Dead letters" />}
            <ListFoot
                list={list}
                noun="letter"
                empty="No dead letter fits this filter. A task that has failed for good would stand here."
            />
        </>
    );
}

export function LetterTable({ letters, label }: { letters: readonly DeadLetter[]; label: string }) {
    return (
        <TableBox label={label}>
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col">Letter</th>
                        <th scope="col">State</th>
                        <th scope="col">Fault</th>
                        <th scope="col">Workflow</th>
                        <th scope="col">Since</th>
                    </tr>
                </thead>
                <tbody>
                    {letters.map(letter => (
                        <tr key={letter.id}>
                            <td data-label="Letter">
                                <Link to={paths.letter(letter.id)} data-row="">
                                    <code>{letter.id}</code>
                                </Link>
                                <span class="under">{letter.task ?? letter.origin}</span>
                            </td>
                            <td data-label="State">
                                <Status value={letter.state} />
                                {letter.parked && letter.state === 'open' && <span class="under">parked: a workflow waits</span>}
                            </td>
                            <td data-label="Fault">
                                <strong>{letter.class}</strong>
                                <span class="under failure">{letter.message}</span>
                            </td>
                            <td data-label="Workflow">
                                {letter.workflowId === null ? (
                                    '–'
                                ) : (
                                    <Link to={paths.workflow(letter.workflowId)}>{letter.workflow ?? letter.workflowId}</Link>
                                )}{' '}
                                <Stamps stamps={letter.stamps} />
                            </td>
                            <td data-label="Since">
                                <Time at={letter.createdAt} />
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </TableBox>
    );
}
