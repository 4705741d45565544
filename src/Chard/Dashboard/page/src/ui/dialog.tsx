import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

// The browser's own modal dialog: it keeps focus in, closes by Esc, and gives focus back.
export function Dialog({
    title,
    close,
    children,
    stay = false,
}: {
    title: string;
    close: () => void;
    children: ComponentChildren;
    stay?: boolean;
}) {
    const ref = useRef<HTMLDialogElement>(null);
    const id = useId();
    useEffect(() => {
        const before = document.activeElement;
        const dialog = ref.current;
        if (dialog && !dialog.open) dialog.showModal();
        return () => {
            dialog?.close();
            if (before instanceof HTMLElement && before.isConnected) before.focus();
        };
    }, []);
    const cancel = (event: Event): void => {
        event.preventDefault();
        if (!stay) close();
    };
    // A browser lets nobody keep a dialog open against a second Esc; what is still at work is then shown again.
    const closed = (): void => {
        if (ref.current === null) return;
        if (stay) ref.current.showModal();
        else close();
    };
    return (
        <dialog ref={ref} aria-labelledby={id} onCancel={cancel} onClose={closed}>
            <div class="dialog-head">
                <h2 id={id}>{title}</h2>
                {!stay && (
                    <button type="button" class="copy" aria-label="Close the dialog" onClick={close}>
                        <span aria-hidden="true">✕</span>
                    </button>
                )}
            </div>
            {children}
        </dialog>
    );
}
