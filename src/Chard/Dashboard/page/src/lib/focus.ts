// Where focus is to go once the next page is there, in place of its heading.
let wanted: string | null = null;

export function wantFocus(selector: string): void {
    wanted = selector;
}

export function takeFocus(): HTMLElement | null {
    const selector = wanted;
    wanted = null;
    return selector === null ? null : document.querySelector<HTMLElement>(selector);
}
