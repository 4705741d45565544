import { ApiError, send } from './client.ts';
import { eventParser, type ServerEvent } from './events.ts';

const firstDelay = 2_000;
const maxDelay = 30_000;

// Follows a stream until it is done or `signal` says so: fetch rather than EventSource, which can send no key.
export async function follow(
    path: string,
    signal: AbortSignal,
    emit: (event: ServerEvent) => void,
    live: (on: boolean) => void,
): Promise<void> {
    let last = '';
    let delay = firstDelay;
    while (!signal.aborted) {
        try {
            const headers: Record<string, string> = { Accept: 'text/event-stream' };
            if (last !== '') headers['Last-Event-ID'] = last;
            const response = await send(path, { headers, signal });
            if (response.status === 204 || !response.body || !response.headers.get('Content-Type')?.includes('text/event-stream'))
                return;
            live(true);
            const parse = eventParser(event => {
                last = event.id || last;
                delay = firstDelay;
                emit(event);
            });
            const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
            for (let part = await reader.read(); !part.done; part = await reader.read()) parse(part.value);
        } catch (error) {
            if (signal.aborted) return;
            // Gone or not allowed will not be better in two seconds.
            if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) return;
        } finally {
            live(false);
        }
        await new Promise(resolve => setTimeout(resolve, delay));
        delay = Math.min(delay * 2, maxDelay);
    }
}
