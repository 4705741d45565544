import { useEffect, useState } from 'preact/hooks';
import { wantFocus } from '../lib/focus.ts';
import { go } from '../lib/router.tsx';
import { Dialog } from './dialog.tsx';

const places: Record<string, string> = {
    o: '',
    w: 'workflows',
    d: 'dead-letters',
    t: 'tasks',
    l: 'limits',
    s: 'schedules',
    n: 'start',
};

function isTyping(target: EventTarget | null): boolean {
    return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

// The selected row is the one with focus, so Enter opens it and screen readers follow.
function moveRow(step: number): void {
    const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter(row => row.offsetParent !== null);
    if (rows.length === 0) return;
    const active = document.activeElement;
    const at = rows.findIndex(row => row === active || row.closest('tr, li, article')?.contains(active) === true);
    const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
}

function search(): void {
    const field = document.querySelector<HTMLElement>('main [data-search]');
    if (field) {
        field.focus();
        return;
    }
    wantFocus('main [data-search]');
    go('workflows');
}

export function Keys() {
    const [help, setHelp] = useState(false);
    useEffect(() => {
        let went = 0;
        const press = (event: KeyboardEvent): void => {
            if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
            if (document.querySelector('dialog[open]')) return;
            const place = Date.now() - went < 1_500 ? places[event.key] : undefined;
            went = event.key === 'g' ? Date.now() : 0;
            if (place !== undefined) go(place);
            else if (event.key === '/') search();
            else if (event.key === 'j') moveRow(1);
            else if (event.key === 'k') moveRow(-1);
            else if (event.key === '?') setHelp(true);
            else return;
            event.preventDefault();
        };
        addEventListener('keydown', press);
        return () => removeEventListener('keydown', press);
    }, []);
    return (
        <>
            <button type="button" class="plain" onClick={() => setHelp(true)}>
                Keys <kbd>?</kbd>
            </button>
            {help && <Help close={() => setHelp(false)} />}
        </>
    );
}

const keys: readonly (readonly [string, string])[] = [
    ['/', 'search'],
    ['j  k', 'next, previous row'],
    ['Enter', 'open the row'],
    ['Esc', 'close a dialog'],
    ['?', 'this help'],
    ['g o', 'Overview'],
    ['g w', 'Workflows'],
    ['g d', 'Dead letters'],
    ['g t', 'Tasks'],
    ['g l', 'Limits'],
    ['g s', 'Schedules'],
    ['g n', 'Start'],
];

function Help({ close }: { close: () => void }) {
    return (
        <Dialog title="Keys" close={close}>
            <dl class="keys">
                {keys.map(([key, does]) => (
                    <div key={key}>
                        <dt>
                            <kbd>{key}</kbd>
                        </dt>
                        <dd>{does}</dd>
                    </div>
                ))}
            </dl>
        </Dialog>
    );
}
