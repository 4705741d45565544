import { useState } from 'preact/hooks';
import { fieldsOf, fillForm, readForm } from '../../lib/form.ts';
import { parseJson, showJson } from '../../lib/json.ts';
import { checkSchema } from '../../lib/schema.ts';
import type { Fault, Json, JsonObject, TaskType } from '../../lib/types.ts';
import { Fields } from './fields.tsx';
import { noOptions, Options, optionsOf } from './options.tsx';
import { Send } from './send.tsx';

export function TaskStart({ task }: { task: TaskType }) {
    const fields = fieldsOf(task.args);
    const [raw, setRaw] = useState(fields === null);
    const [values, setValues] = useState<Record<string, string>>({});
    const [text, setText] = useState('null');
    const [lost, setLost] = useState(false);
    const [options, setOptions] = useState(noOptions);
    const [pressed, setPressed] = useState(false);
    const [served, setServed] = useState<readonly Fault[]>([]);

    // Only what cannot be read keeps it from being sent: the server's check is the one that counts.
    const read = raw || fields === null ? readText(text) : readForm(fields, values);
    const own = read.faults.length > 0 ? read.faults : checkSchema(read.value, task.args);
    const told = served
        .filter(fault => fault.pointer.startsWith('/args'))
        .map(fault => ({ ...fault, pointer: fault.pointer.slice(5) }));
    const args: readonly Fault[] = [...own, ...told];
    const others = served.filter(fault => !fault.pointer.startsWith('/args'));
    const touched = Object.keys(values).length > 0 || raw || served.length > 0 || pressed;

    const swap = (): void => {
        if (fields === null) return;
        if (!raw) {
            setText(showJson(readForm(fields, values).value));
            setRaw(true);
            return;
        }
        const filled = read.faults.length > 0 ? null : fillForm(fields, read.value);
        setLost(filled === null);
        if (filled === null) return;
        setValues(filled);
        setRaw(false);
    };
    const document = (): JsonObject => ({ task: task.name, args: read.value, ...optionsOf(options) });
    return (
        <form class="form" onSubmit={event => event.preventDefault()} aria-label={`Start ${task.name}`}>
            <fieldset>
                <legend>Arguments</legend>
                {fields !== null && (
                    <label class="check">
                        <input type="checkbox" checked={raw} onChange={swap} />
                        As JSON
                    </label>
                )}
                {lost && (
                    <p class="refusal" role="alert">
                        This JSON does not fit the fields.
                    </p>
                )}
                {raw || fields === null ? (
                    <JsonField text={text} set={setText} faults={touched ? args : []} />
                ) : (
                    <Fields fields={fields} values={values} set={setValues} faults={touched ? args : []} />
                )}
            </fieldset>
            <Options options={options} set={setOptions} faults={others} task />
            <Send
                document={document}
                ready={read.faults.length === 0}
                refuse={() => setPressed(true)}
                faults={others}
                heard={setServed}
            />
        </form>
    );
}

function readText(text: string): { value: Json; faults: Fault[] } {
    try {
        return { value: parseJson(text), faults: [] };
    } catch (error) {
        return { value: null, faults: [{ pointer: '', message: `is no JSON: ${(error as Error).message}` }] };
    }
}

function JsonField({ text, set, faults }: { text: string; set: (text: string) => void; faults: readonly Fault[] }) {
    return (
        <label>
            Arguments, as JSON
            <textarea
                class="code"
                rows={10}
                value={text}
                spellcheck={false}
                aria-invalid={faults.length > 0}
                onInput={event => set(event.currentTarget.value)}
            />
            {faults.map(fault => (
                <span class="refusal" role="status" key={fault.pointer + fault.message}>
                    <code>{fault.pointer}</code> {fault.message}
                </span>
            ))}
        </label>
    );
}
