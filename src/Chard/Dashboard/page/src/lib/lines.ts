import { showJson } from './json.ts';
import type { Json } from './types.ts';

export const shownCharacters = 20_000;

// A page with a megabyte of text in it is of no use to anybody; the whole can be copied.
export function capText(value: Json): { text: string; cut: number } {
    const whole = showJson(value);
    return { text: whole.slice(0, shownCharacters), cut: Math.max(0, whole.length - shownCharacters) };
}

export function bytes(count: number): string {
    if (count < 1024) return `${count} B`;
    if (count < 1024 * 1024) return `${(count / 1024).toFixed(1)} KiB`;
    return `${(count / 1024 / 1024).toFixed(1)} MiB`;
}

export function count(n: number, one: string, many = `${one}s`): string {
    return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}
