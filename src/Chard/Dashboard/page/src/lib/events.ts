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
