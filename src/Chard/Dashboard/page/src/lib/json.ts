import type { Json, JsonObject } from './types.ts';

export const hidden = '•••';

interface ExactJson {
    rawJSON?: (text: string) => Json;
    isRawJSON?: (value: unknown) => boolean;
}
const exact = JSON as unknown as ExactJson;

// Numbers beyond what a double holds are kept as they were written, where the browser can: an id of 19 digits in a dead letter's
// arguments must come back to the server as it was.
export function parseJson(text: string): Json {
    const raw = exact.rawJSON;
    if (!raw || !/[\d.]{16}|[eE]\+?\d{3}/.test(text)) return JSON.parse(text) as Json;
    const keep = (_: string, value: unknown, context?: { source?: string }): unknown =>
        typeof value === 'number' && context?.source !== undefined && isInexact(value, context.source)
            ? raw(context.source)
            : value;
    return JSON.parse(text, keep as (this: unknown, key: string, value: unknown) => unknown) as Json;
}

function isInexact(value: number, source: string): boolean {
    if (/^-?\d+$/.test(source)) return !Number.isSafeInteger(value);
    return !Number.isFinite(value) || source.replace(/[eE].*|\D/g, '').replace(/^0+/, '').length > 17;
}

export function isObject(value: Json | undefined): value is JsonObject {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !exact.isRawJSON?.(value);
}

export function showJson(value: Json): string {
    return JSON.stringify(value, null, 2);
}

function isMasked(name: string, mask: readonly string[]): boolean {
    const lower = name.toLowerCase();
    return mask.some(each => each.toLowerCase() === lower);
}

export function maskJson(value: Json, mask: readonly string[]): Json {
    if (mask.length === 0) return value;
    if (Array.isArray(value)) return value.map(item => maskJson(item, mask));
    if (!isObject(value)) return value;
    return fromEntries(
        Object.entries(value).map(([name, member]) => [name, isMasked(name, mask) ? hidden : maskJson(member, mask)]),
    );
}

export function holdsMasked(value: Json, mask: readonly string[]): boolean {
    if (Array.isArray(value)) return value.some(item => holdsMasked(item, mask));
    return isObject(value) && Object.entries(value).some(([name, member]) => isMasked(name, mask) || holdsMasked(member, mask));
}

// What was left as "•••" gets its true value back from the same place. A place that had none is told by its pointer: nobody wants
// three dots for a password.
export function unmaskJson(
    edited: Json,
    original: Json | undefined,
    mask: readonly string[],
    lost: string[],
    pointer = '',
): Json {
    if (Array.isArray(edited)) {
        const items = Array.isArray(original) ? original : [];
        return edited.map((item, index) => unmaskJson(item, items[index], mask, lost, `${pointer}/${index}`));
    }
    if (!isObject(edited)) return edited;
    const members = isObject(original) ? original : {};
    return fromEntries(
        Object.entries(edited).map(([name, member]) => {
            const place = `${pointer}/${escapePointer(name)}`;
            if (member !== hidden || !isMasked(name, mask)) return [name, unmaskJson(member, members[name], mask, lost, place)];
            const kept = Object.hasOwn(members, name) ? members[name] : undefined;
            if (kept === undefined) lost.push(place);
            return [name, kept ?? null];
        }),
    );
}

export function escapePointer(name: string): string {
    return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

// A member named __proto__ is data like any other.
function fromEntries(entries: (readonly [string, Json])[]): JsonObject {
    return Object.fromEntries(entries) as JsonObject;
}
