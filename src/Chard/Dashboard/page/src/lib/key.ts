import { Bell } from './signal.ts';

const name = 'chard-key';

// Rung by any 401: the page then asks for a key.
export const locked = new Bell();

// Kept for this tab alone, and never in a URL: URLs end in logs and histories.
export function readKey(): string | null {
    return sessionStorage.getItem(name);
}

export function keepKey(key: string | null): void {
    if (key === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, key);
}
