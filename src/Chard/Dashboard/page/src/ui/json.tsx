import { createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { holdsMasked, maskJson, showJson } from '../lib/json.ts';
import { capText, count } from '../lib/lines.ts';
import { useSession } from '../lib/session.ts';
import type { Json } from '../lib/types.ts';
import { Copy } from './basics.tsx';

// Shown values stay shown for the page that was looked at, and no longer.
const Unmasked = createContext<{ shown: boolean; show: () => void }>({ shown: false, show: () => undefined });

export function MaskScope({ children }: { children: ComponentChildren }) {
    const [shown, setShown] = useState(false);
    return <Unmasked.Provider value={{ shown, show: () => setShown(true) }}>{children}</Unmasked.Provider>;
}

export function useMask(): { mask: readonly string[]; show: () => void } {
    const { mask } = useSession();
    const { shown, show } = useContext(Unmasked);
    return { mask: shown ? [] : mask, show };
}

export function ShowMasked({ value }: { value: Json }) {
    const { mask, show } = useMask();
    return holdsMasked(value, mask) ? (
        <button type="button" onClick={show}>
            Show masked values
        </button>
    ) : null;
}

// `plain` is for schemas and the like, which name what is masked but hold nothing of it.
export function JsonView({ value, label, plain = false }: { value: Json; label: string; plain?: boolean }) {
    const { mask } = useMask();
    const [all, setAll] = useState(false);
    const shown = plain ? value : maskJson(value, mask);
    const { text, cut } = capText(shown);
    return (
        <div class="json">
            <pre tabIndex={0} role="region" aria-label={label}>
                {all ? showJson(shown) : text}
            </pre>
            <div class="json-tools">
                {!plain && <ShowMasked value={value} />}
                <Copy text={showJson(shown)} what={label} />
            </div>
            {cut > 0 && !all && (
                <p class="quiet">
                    {count(cut, 'more character')} not shown.{' '}
                    <button type="button" onClick={() => setAll(true)}>
                        Show all
                    </button>
                </p>
            )}
        </div>
    );
}
