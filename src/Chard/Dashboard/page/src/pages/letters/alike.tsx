import { useState } from 'preact/hooks';
import { ask, withQuery } from '../../lib/client.ts';
import { type Filter, tellFilter } from '../../lib/filters.ts';
import { parseJson } from '../../lib/json.ts';
import { Link, paths } from '../../lib/router.tsx';
import type { GroupList, Json } from '../../lib/types.ts';
import { type Amount, BulkDialog } from '../../ui/bulk.tsx';

type Verb = 'retry' | 'skip' | 'fail' | 'discard';

const verbs: Record<Verb, { label: string; past: string; does: string }> = {
    retry: {
        label: 'Retry',
        past: 'Retried',
        does: 'Each is tried anew with the arguments it has; a task whose workflow did not wait runs as a workflow of its own.',
    },
    skip: {
        label: 'Skip',
        past: 'Skipped',
        does: 'Their workflows go on as if the tasks had given this result. Those that no workflow waits for are refused.',
    },
    fail: {
        label: 'Fail',
        past: 'Failed',
        does: 'The waiting tasks fail, and with them their workflows unless these catch it. Those that no workflow waits for are refused.',
    },
    discard: { label: 'Discard', past: 'Discarded', does: 'They are put aside; tasks that wait there fail.' },
};

async function amount(filter: Filter, signal: AbortSignal): Promise<Amount> {
    const groups = await ask<GroupList>(withQuery('dead-letters/groups', { ...filter, state: 'open' }), { signal });
    return { n: groups.total, more: groups.more };
}

export function AllAlike({ filter, done }: { filter: Filter; done: () => void }) {
    const [verb, setVerb] = useState<Verb | null>(null);
    const [sure, setSure] = useState(false);
    const [result, setResult] = useState('null');
    const everything = Object.keys(filter).length === 0;
    const { task, class: fault, ...rest } = filter;
    const alike = [task, fault].filter(Boolean).join(' / ');
    const beside = tellFilter(rest);
    const whom = `All open letters${alike ? ` of ${alike}` : ''}${beside ? `, ${beside}` : ''}`;
    let value: Json | undefined;
    let mistake = '';
    try {
        value = parseJson(result);
    } catch (error) {
        mistake = (error as Error).message;
    }
    const set = (next: Verb | null): void => {
        setVerb(next);
        setSure(false);
    };
    const chosen = verb === null ? null : verbs[verb];
    return (
        <>
            <span class="quiet">{everything ? 'All open letters:' : 'All open letters of this filter:'}</span>
            {(Object.keys(verbs) as Verb[]).map(each => (
                <button
                    type="button"
                    key={each}
                    class={each === 'discard' || each === 'fail' ? 'danger' : ''}
                    onClick={() => set(each)}>
                    {verbs[each].label} all…
                </button>
            ))}
            {verb !== null && chosen !== null && (
                <BulkDialog
                    verb={chosen.label}
                    past={chosen.past}
                    noun="letter"
                    path={`dead-letters/${verb}`}
                    filter={filter}
                    extra={verb === 'skip' ? { result: value ?? null } : {}}
                    amount={signal => amount(filter, signal)}
                    title={number =>
                        `${chosen.label} ${number || 'the'} letter${number === '1' ? '' : 's'}${alike ? ` of ${alike}` : ''}`
                    }
                    tellTo={`${whom}, newest first, those that come meanwhile too. ${chosen.does}`}
                    link={id => <Link to={paths.letter(id)}>{id}</Link>}
                    danger={verb === 'fail' || verb === 'discard'}
                    ready={(!everything || sure) && (verb !== 'skip' || mistake === '')}
                    close={began => {
                        set(null);
                        if (began) done();
                    }}>
                    {verb === 'skip' && (
                        <label>
                            Result of each, as JSON
                            <textarea
                                class="code"
                                rows={4}
                                value={result}
                                onInput={event => setResult(event.currentTarget.value)}
                                aria-invalid={mistake !== ''}
                            />
                            <span class="refusal" role="alert">
                                {mistake}
                            </span>
                        </label>
                    )}
                    {everything && (
                        <label class="check">
                            <input type="checkbox" checked={sure} onChange={event => setSure(event.currentTarget.checked)} />
                            There is no filter: I mean all open letters of the app.
                        </label>
                    )}
                </BulkDialog>
            )}
        </>
    );
}
