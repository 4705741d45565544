const units: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
];

// Two units are enough for anybody: "3 min 20 s", "2 d 4 h".
export function duration(seconds: number): string {
    if (seconds < 0) return '0 s';
    if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
    if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
    let rest = Math.round(seconds);
    const parts: string[] = [];
    for (const [name, size] of units) {
        const count = Math.floor(rest / size);
        if (count > 0) parts.push(`${count} ${name}`);
        else if (parts.length > 0) break;
        rest -= count * size;
        if (parts.length === 2) break;
    }
    return parts.join(' ');
}

export function relative(time: string, now: number): string {
    const seconds = (now - Date.parse(time)) / 1000;
    if (Number.isNaN(seconds)) return time;
    const away = Math.abs(seconds);
    if (away < 5) return 'just now';
    const [name, size] = units.find(([, each]) => away >= each) ?? ['s', 1];
    const count = `${Math.floor(away / size)} ${name}`;
    return seconds > 0 ? `${count} ago` : `in ${count}`;
}

export function between(from: string, to: string | null, now: number): number {
    return Math.max(0, ((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000);
}

export function localTime(time: string): string {
    const date = new Date(time);
    return Number.isNaN(date.getTime()) ? time : `${date.toLocaleString()} (${date.toISOString()})`;
}

// What is left at the pace so far; too early to say before something is done and a moment has passed.
export function secondsLeft(done: number, total: number, startedAt: string, now: number): number | null {
    const elapsed = (now - Date.parse(startedAt)) / 1000;
    if (done <= 0 || done >= total || elapsed < 3) return null;
    return (elapsed / done) * (total - done);
}

// <input type="datetime-local"> speaks local time without a zone.
export function toInputTime(iso: string): string {
    const date = new Date(iso);
    if (Number.isNaN(date.getTime())) return '';
    const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
    return local.toISOString().slice(0, 16);
}

export function fromInputTime(value: string): string {
    const date = new Date(value);
    return value === '' || Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
