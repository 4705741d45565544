import { ApiError, send } from './client.ts';

export interface ServerEvent {
  event: string;
  id: string;
  data: string;
}

// Server-sent events by the letter of the HTML standard, as far as they are used here. Feed it text as it comes.
export function eventParser(emit: (event: ServerEvent) => void): (text: string) => void {
  let rest = '';
  let event = '';
  let id = '';
  let data: string[] = [];
  return text => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) emit({ event: event || 'message', id, data: data.join('\n') });
        event = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') event = value;
      else if (field === 'id') id = value;
      else if (field === 'data') data.push(value);
    }
  };
}

const firstDelay = 2_000;
const maxDelay = 30_000;

// Follows a stream until it is done or `signal` says so: fetch rather than EventSource, which can send no key.
export async function follow(path: string, signal: AbortSignal, emit: (event: ServerEvent) => void, live: (on: boolean) => void): Promise<void> {
  let last = '';
  let delay = firstDelay;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (last !== '') headers['Last-Event-ID'] = last;
      const response = await send(path, { headers, signal });
      if (response.status === 204 || !response.body || !response.headers.get('Content-Type')?.includes('text/event-stream')) return;
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
