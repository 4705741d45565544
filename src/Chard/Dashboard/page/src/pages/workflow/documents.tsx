import { useState } from 'preact/hooks';
import { ApiError, send } from '../../lib/client.ts';
import { parseJson } from '../../lib/json.ts';
import { bytes } from '../../lib/lines.ts';
import { type Loaded, useLoad } from '../../lib/load.ts';
import { hrefOf, paths } from '../../lib/router.tsx';
import type { Json, StartDocument } from '../../lib/types.ts';
import { Loading, Problem } from '../../ui/basics.tsx';
import { JsonView } from '../../ui/json.tsx';

// Documents are loaded with the page but shown only to who opens them.
export function StartedWith({ start }: { start: Loaded<StartDocument> }) {
    const [open, setOpen] = useState(false);
    const { data, error } = start;
    const gone = error instanceof ApiError && error.code === 'start-gone';
    return (
        <details onToggle={event => setOpen(event.currentTarget.open)} data-test="started-with">
            <summary>What it was started with</summary>
            {open && gone && <p class="empty">It is no longer kept: the engine has purged it.</p>}
            {open && !gone && <Problem error={error} retry={start.reload} />}
            {open && data?.omitted && <p class="empty">It is too large to be shown: {bytes(data.bytes)}.</p>}
            {open && data !== null && !data.omitted && (
                <>
                    <p class="quiet">
                        Orchestrator {data.orchestrator}, {bytes(data.bytes)}
                    </p>
                    <h3>Arguments</h3>
                    <JsonView value={data.args} label="Arguments of the start" />
                    {data.canvas !== null && (
                        <>
                            <h3>Canvas</h3>
                            <JsonView value={data.canvas} label="Canvas" />
                        </>
                    )}
                </>
            )}
        </details>
    );
}

export function Result({ id }: { id: string }) {
    const [open, setOpen] = useState(false);
    return (
        <details onToggle={event => setOpen(event.currentTarget.open)} data-test="result">
            <summary>Result</summary>
            {open && <LoadedResult id={id} />}
        </details>
    );
}

const maxBytes = 256 * 1024;

function LoadedResult({ id }: { id: string }) {
    const { data, error, reload } = useLoad(signal => readResult(`${paths.workflow(id)}/result`, signal), id);
    return (
        <>
            <Problem error={error} retry={reload} />
            {data === null && error === null && <Loading what="the result" />}
            {data !== null &&
                (data.omitted ? (
                    <p class="empty">
                        It is larger than {bytes(maxBytes)} and not shown. It is at{' '}
                        <code>
                            {hrefOf('').replace(/dashboard\/$/, '')}
                            {paths.workflow(id)}/result
                        </code>
                        .
                    </p>
                ) : (
                    <JsonView value={data.value} label="Result" />
                ))}
        </>
    );
}

// A result may be hundreds of megabytes: it is read as far as it would be shown, and the rest is left with the server.
async function readResult(path: string, signal: AbortSignal): Promise<{ value: Json; omitted: boolean }> {
    const response = await send(path, { signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        text += part.value;
        if (text.length > maxBytes) {
            await reader?.cancel();
            return { value: null, omitted: true };
        }
    }
    return { value: text === '' ? null : parseJson(text), omitted: false };
}
