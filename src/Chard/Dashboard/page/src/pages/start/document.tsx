import { useState } from 'preact/hooks';
import { hrefOf } from '../../lib/router.tsx';
import { isObject, parseJson, showJson } from '../../lib/json.ts';
import type { Fault, Json, JsonObject } from '../../lib/types.ts';
import { noOptions, Options, optionsOf } from './options.tsx';
import { Send } from './send.tsx';

const example = showJson({ canvas: { chain: [{ task: 'Square', args: '$input' }, { task: 'Square' }] }, args: 3 });

export function DocumentStart() {
    const [text, setText] = useState(example);
    const [options, setOptions] = useState(noOptions);
    const [served, setServed] = useState<readonly Fault[]>([]);
    const { value, mistake } = read(text);
    const document = (): JsonObject => ({ ...(isObject(value) ? value : {}), ...optionsOf(options) });
    const api = hrefOf('').replace(/dashboard\/$/, '');
    return (
        <form class="form" onSubmit={event => event.preventDefault()} aria-label="Start a document">
            <label>
                Document of <code>POST {api}workflows</code>
                <textarea
                    class="code"
                    rows={16}
                    value={text}
                    spellcheck={false}
                    aria-invalid={mistake !== '' || served.length > 0}
                    aria-describedby="document-told"
                    onInput={event => setText(event.currentTarget.value)}
                />
            </label>
            <p id="document-told" class="refusal" role="status">
                {mistake}
            </p>
            <p class="quiet">
                It has one of <code>workflow</code>, <code>task</code> and <code>canvas</code>, and <code>args</code>. The schema
                of canvases is at <code>{api}canvas.schema.json</code>. What is given below takes the place of what stands above.
            </p>
            <Options
                options={options}
                set={setOptions}
                faults={served.filter(fault => /^\/(id|owner|stamps|startAt)/.test(fault.pointer))}
            />
            <Send document={document} ready={mistake === ''} refuse={() => undefined} faults={served} heard={setServed} />
        </form>
    );
}

function read(text: string): { value: Json; mistake: string } {
    try {
        const value = parseJson(text);
        return { value, mistake: isObject(value) ? '' : 'It has to be an object.' };
    } catch (error) {
        return { value: null, mistake: `It is no JSON: ${(error as Error).message}` };
    }
}
