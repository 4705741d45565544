import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { say, sayFailed } from '../lib/toast.ts';
import { Dialog } from './dialog.tsx';

// A button that does one thing: not twice at once, and its outcome is told.
export function Action({
    label,
    run,
    done,
    confirm,
    kind = '',
    disabled = false,
}: {
    label: string;
    run: () => Promise<unknown>;
    done: string;
    confirm?: ComponentChildren;
    kind?: '' | 'danger' | 'primary';
    disabled?: boolean;
}) {
    const [busy, setBusy] = useState(false);
    const [asking, setAsking] = useState(false);
    const act = async (): Promise<void> => {
        setAsking(false);
        setBusy(true);
        try {
            await run();
            say(done);
        } catch (error) {
            sayFailed(`${label}: ${(error as Error).message}`);
        }
        setBusy(false);
    };
    return (
        <>
            <button
                type="button"
                class={kind}
                disabled={busy || disabled}
                aria-busy={busy}
                onClick={() => (confirm === undefined ? void act() : setAsking(true))}>
                {label}
            </button>
            {asking && (
                <Dialog title={`${label}?`} close={() => setAsking(false)}>
                    {confirm}
                    <div class="buttons">
                        <button type="button" onClick={() => setAsking(false)}>
                            Leave it
                        </button>
                        <button type="button" class={kind || 'primary'} onClick={() => void act()}>
                            {label}
                        </button>
                    </div>
                </Dialog>
            )}
        </>
    );
}
