import { Bell } from './signal.ts';

export interface Toast {
    id: number;
    text: string;
    failed: boolean;
    link: { to: string; text: string } | null;
}

let list: Toast[] = [];
let next = 1;
export const toasted = new Bell();

export function toasts(): Toast[] {
    return list;
}

export function dismiss(id: number): void {
    list = list.filter(toast => toast.id !== id);
    toasted.tell();
}

// What went well goes by itself; what failed stays until somebody has seen it.
export function say(text: string, link: Toast['link'] = null): void {
    const toast = { id: next++, text, failed: false, link };
    list = [...list, toast].slice(-6);
    toasted.tell();
    setTimeout(() => dismiss(toast.id), 8_000);
}

export function sayFailed(text: string): void {
    list = [...list, { id: next++, text, failed: true, link: null }].slice(-6);
    toasted.tell();
}
