import { useEffect, useState } from 'preact/hooks';
import { ask } from '../../lib/client.ts';
import { maskJson, parseJson, showJson, unmaskJson } from '../../lib/json.ts';
import { useLoad } from '../../lib/load.ts';
import { paths } from '../../lib/router.tsx';
import { checkSchema } from '../../lib/schema.ts';
import { useSession } from '../../lib/session.ts';
import { say, sayFailed } from '../../lib/toast.ts';
import type { DeadLetter, Fault, Json, JsonObject, TaskType } from '../../lib/types.ts';
import { FaultList, Problem } from '../../ui/basics.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { JsonView, ShowMasked, useMask } from '../../ui/json.tsx';
import { Arguments } from './arguments.tsx';

interface Checked {
    value: Json;
    faults: Fault[];
}

function check(text: string, letter: DeadLetter, mask: readonly string[], schema: Json | undefined): Checked {
    let edited: Json;
    try {
        edited = parseJson(text);
    } catch (error) {
        return { value: null, faults: [{ pointer: '', message: `is no JSON: ${(error as Error).message}` }] };
    }
    const lost: string[] = [];
    const value = unmaskJson(edited, letter.args, mask, lost);
    const faults = lost.map(pointer => ({ pointer, message: 'is masked, and had no value at this place before: write it out' }));
    return { value, faults: [...faults, ...(schema === undefined ? [] : checkSchema(value, schema))] };
}

export function Decide({ letter, changed }: { letter: DeadLetter; changed: () => void }) {
    const [editing, setEditing] = useState(false);
    const [error, setError] = useState<Error | null>(null);
    const [busy, setBusy] = useState(false);
    const [asked, setAsked] = useState<'skip' | 'fail' | 'discard' | null>(null);
    const act = async (action: string, body: JsonObject, past: string): Promise<void> => {
        setBusy(true);
        setError(null);
        setAsked(null);
        try {
            const answer = await ask<DeadLetter>(`${paths.letter(letter.id)}/${action}`, { method: 'POST', body });
            say(
                `${past} ${letter.id}.`,
                answer?.retriedAs ? { to: paths.workflow(answer.retriedAs), text: 'The workflow it runs as' } : null,
            );
            changed();
        } catch (failure) {
            setError(failure as Error);
            sayFailed(`${action} ${letter.id}: ${(failure as Error).message}`);
        }
        setBusy(false);
    };
    return (
        <section aria-label="Decide">
            <Problem error={error} retry={changed} />
            <div class="toolbar" data-test="letter-actions">
                <button type="button" class="primary" disabled={busy} onClick={() => void act('retry', {}, 'Retried')}>
                    Retry as it is
                </button>
                {letter.argsBytes === null && !editing && (
                    <button type="button" disabled={busy} onClick={() => setEditing(true)}>
                        Edit and retry…
                    </button>
                )}
                {letter.parked && (
                    <button type="button" disabled={busy} onClick={() => setAsked('skip')}>
                        Skip…
                    </button>
                )}
                {letter.parked && (
                    <button type="button" class="danger" disabled={busy} onClick={() => setAsked('fail')}>
                        Fail…
                    </button>
                )}
                <button type="button" class="danger" disabled={busy} onClick={() => setAsked('discard')}>
                    Discard…
                </button>
            </div>
            {editing ? (
                <Edit
                    letter={letter}
                    busy={busy}
                    close={() => setEditing(false)}
                    send={args => void act('retry', { args }, 'Retried with other arguments')}
                />
            ) : (
                <Arguments letter={letter} />
            )}
            {asked === 'skip' && <Skip close={() => setAsked(null)} send={result => void act('skip', { result }, 'Skipped')} />}
            {(asked === 'fail' || asked === 'discard') && (
                <Dialog title={asked === 'fail' ? 'Fail this task?' : 'Discard this letter?'} close={() => setAsked(null)}>
                    <p>
                        {asked === 'fail' || letter.parked
                            ? 'The task fails, and with it its workflow unless that catches the failure.'
                            : 'It is put aside, and nothing more is done about it.'}
                    </p>
                    <div class="buttons">
                        <button type="button" onClick={() => setAsked(null)}>
                            Leave it
                        </button>
                        <button
                            type="button"
                            class="danger"
                            onClick={() => void act(asked, {}, asked === 'fail' ? 'Failed' : 'Discarded')}>
                            {asked === 'fail' ? 'Fail' : 'Discard'}
                        </button>
                    </div>
                </Dialog>
            )}
        </section>
    );
}

function Edit({
    letter,
    busy,
    close,
    send,
}: {
    letter: DeadLetter;
    busy: boolean;
    close: () => void;
    send: (args: Json) => void;
}) {
    const { mask } = useMask();
    const session = useSession();
    const [text, setText] = useState(() => showJson(maskJson(letter.args, mask)));
    const tasks = useLoad(signal => ask<{ tasks: TaskType[] }>('tasks', { signal }), 'tasks');
    const schema = tasks.data?.tasks.find(
        each => each.name.toLowerCase() === letter.task?.toLowerCase() && letter.origin === 'task',
    )?.args;
    // What was masked when it was typed over stays so by the server's list, also after the values are shown.
    const { value, faults } = check(text, letter, session.mask, schema);
    const broken =
        faults.some(fault => fault.pointer === '' && fault.message.startsWith('is no JSON')) ||
        faults.some(fault => fault.message.startsWith('is masked'));
    useEffect(() => {
        if (mask.length === 0 && !broken) setText(showJson(value));
    }, [mask]);
    return (
        <div class="split">
            <div>
                <h2 id="edit-args">Arguments, edited</h2>
                <ShowMasked value={letter.args} />
                <textarea
                    class="code"
                    rows={Math.min(30, text.split('\n').length + 2)}
                    value={text}
                    spellcheck={false}
                    aria-labelledby="edit-args"
                    aria-invalid={faults.length > 0}
                    aria-describedby="edit-faults"
                    onInput={event => setText(event.currentTarget.value)}
                />
                <div id="edit-faults" role="status" data-test="edit-faults">
                    {faults.length > 0 ? (
                        <FaultList faults={faults} />
                    ) : (
                        <p class="quiet">{schema === undefined ? 'JSON' : 'It fits the schema'}: ready to be sent.</p>
                    )}
                </div>
                <div class="buttons">
                    <button type="button" onClick={close}>
                        Leave it
                    </button>
                    <button type="button" class="primary" disabled={busy || broken} onClick={() => send(value)}>
                        {faults.length > 0 && !broken ? 'Retry all the same' : 'Retry with these arguments'}
                    </button>
                </div>
            </div>
            <div>
                <h2>Schema</h2>
                {schema === undefined ? (
                    <p class="quiet">{tasks.loading ? 'Loading…' : 'No schema is known for these arguments.'}</p>
                ) : (
                    <JsonView value={schema} label="Schema of the arguments" plain />
                )}
                <Problem error={tasks.error} retry={tasks.reload} />
            </div>
        </div>
    );
}

function Skip({ close, send }: { close: () => void; send: (result: Json) => void }) {
    const [text, setText] = useState('null');
    let value: Json = null;
    let mistake = '';
    try {
        value = parseJson(text);
    } catch (error) {
        mistake = (error as Error).message;
    }
    return (
        <Dialog title="Skip this task?" close={close}>
            <p>The workflow goes on as if the task had given this result.</p>
            <label>
                Result, as JSON
                <textarea
                    class="code"
                    rows={5}
                    value={text}
                    spellcheck={false}
                    aria-invalid={mistake !== ''}
                    onInput={event => setText(event.currentTarget.value)}
                />
            </label>
            <p class="refusal" role="alert">
                {mistake}
            </p>
            <div class="buttons">
                <button type="button" onClick={close}>
                    Leave it
                </button>
                <button type="button" class="primary" disabled={mistake !== ''} onClick={() => send(value)}>
                    Skip
                </button>
            </div>
        </Dialog>
    );
}
