import { useEffect, useState } from 'preact/hooks';
import { Link } from '../lib/router.tsx';
import { dismiss, toasted, toasts } from '../lib/toast.ts';

export function Toasts() {
    const [list, setList] = useState(toasts);
    useEffect(() => toasted.hear(() => setList(toasts())), []);
    return (
        <div class="toasts" role="status" aria-live="polite" aria-label="Outcomes" data-test="toasts">
            {list.map(toast => (
                <div class={toast.failed ? 'toast failed' : 'toast'} key={toast.id}>
                    <span>
                        {toast.failed && <strong>Failed: </strong>}
                        {toast.text} {toast.link && <Link to={toast.link.to}>{toast.link.text}</Link>}
                    </span>
                    <button type="button" class="copy" aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
                        <span aria-hidden="true">✕</span>
                    </button>
                </div>
            ))}
        </div>
    );
}
