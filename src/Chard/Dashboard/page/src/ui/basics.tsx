import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../lib/client.ts';
import { takeFocus } from '../lib/focus.ts';
import { useNow } from '../lib/load.ts';
import { between, duration, localTime, relative } from '../lib/time.ts';

let firstPage = true;

// Each page: its title told to the window, and focus on its heading once one has moved there, so that a screen reader says where it is.
export function Page({
    title,
    heading,
    actions,
    children,
}: {
    title: string;
    heading?: ComponentChildren;
    actions?: ComponentChildren;
    children: ComponentChildren;
}) {
    const ref = useRef<HTMLHeadingElement>(null);
    useEffect(() => {
        document.title = `${title} · Chard`;
    }, [title]);
    useEffect(() => {
        if (firstPage) firstPage = false;
        else (takeFocus() ?? ref.current)?.focus();
    }, []);
    return (
        <>
            <div class="page-head">
                <h1 ref={ref} tabIndex={-1}>
                    {heading ?? title}
                </h1>
                {actions !== undefined && <div class="actions">{actions}</div>}
            </div>
            {children}
        </>
    );
}

export function Time({ at }: { at: string | null | undefined }) {
    const now = useNow();
    if (!at) return <span class="quiet">–</span>;
    return (
        <time dateTime={at} title={localTime(at)}>
            {relative(at, now)}
        </time>
    );
}

export function Took({ from, to }: { from: string | null; to: string | null }) {
    const now = useNow(to === null ? 2 : 60);
    return from === null ? <span class="quiet">–</span> : <span>{duration(between(from, to, now))}</span>;
}

const shapes: Record<string, string> = {
    queued: '○',
    waiting: '○',
    running: '◐',
    parked: '▲',
    paused: '‖',
    completed: '●',
    succeeded: '●',
    failed: '✕',
    cancelled: '⊘',
    expired: '◇',
    open: '▲',
    retried: '↻',
    skipped: '⇥',
    discarded: '⊘',
    rateLimited: '◔',
};
const words: Record<string, string> = { rateLimited: 'told to wait', waiting: 'not begun' };

export function Status({ value }: { value: string }) {
    return (
        <span class={`status s-${value}`}>
            <span aria-hidden="true">{shapes[value] ?? '·'}</span> {words[value] ?? value}
        </span>
    );
}

export function Copy({ text, what }: { text: string; what: string }) {
    const [told, setTold] = useState('');
    const copy = async (): Promise<void> => {
        try {
            await navigator.clipboard.writeText(text);
            setTold('Copied');
        } catch {
            setTold('Not copied');
        }
        setTimeout(() => setTold(''), 2_000);
    };
    return (
        <button
            type="button"
            class="copy"
            title={`Copy ${what}`}
            aria-label={told ? `${told}: ${what}` : `Copy ${what}`}
            onClick={() => void copy()}>
            {told === '' ? <CopyIcon /> : <span aria-hidden="true">{told === 'Copied' ? '✓' : '✕'}</span>}
        </button>
    );
}

function CopyIcon() {
    return (
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <rect x="5.5" y="5.5" width="8" height="9" rx="1" />
            <path d="M3.5 11.5h-1v-10h8v2" />
        </svg>
    );
}

export function Id({ id }: { id: string }) {
    return (
        <span class="id">
            <code>{id}</code>
            <Copy text={id} what={`id ${id}`} />
        </span>
    );
}

// What failed, and how to go on.
export function Problem({ error, retry }: { error: Error | null; retry?: (() => void) | undefined }) {
    if (error === null) return null;
    const faults = error instanceof ApiError ? (error.problem?.faults ?? []) : [];
    return (
        <div class="problem" role="alert">
            <p>
                <strong>{error.message}</strong>
            </p>
            {faults.length > 0 && <FaultList faults={faults} />}
            {error instanceof ApiError && (
                <p class="quiet">
                    <code>
                        {error.method} {error.path}
                    </code>
                    {error.status > 0 && ` → ${error.status}`}
                    {error.code && ` ${error.code}`}
                </p>
            )}
            {retry && (
                <button type="button" onClick={retry}>
                    Try again
                </button>
            )}
        </div>
    );
}

export function FaultList({ faults }: { faults: readonly { pointer: string; message: string }[] }) {
    return (
        <ul class="faults">
            {faults.map(fault => (
                <li key={fault.pointer + fault.message}>
                    <code>{fault.pointer || '(whole document)'}</code> {fault.message}
                </li>
            ))}
        </ul>
    );
}

export function Empty({ children }: { children: ComponentChildren }) {
    return <p class="empty">{children}</p>;
}

export function Loading({ what }: { what: string }) {
    return (
        <p class="loading" role="status">
            Loading {what}…
        </p>
    );
}

export function Stamps({ stamps }: { stamps: readonly string[] }) {
    return stamps.length === 0 ? null : (
        <span class="stamps">
            {stamps.map(stamp => (
                <span class="stamp" key={stamp}>
                    {stamp}
                </span>
            ))}
        </span>
    );
}

// Wide tables scroll in a box of their own, which the keyboard can reach.
export function TableBox({ label, children }: { label: string; children: ComponentChildren }) {
    return (
        <div class="table-box" role="region" aria-label={label} tabIndex={0}>
            {children}
        </div>
    );
}

export function Facts({ children }: { children: ComponentChildren }) {
    return <dl class="facts">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
    return (
        <div>
            <dt>{name}</dt>
            <dd>{children}</dd>
        </div>
    );
}
