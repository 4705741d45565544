import { useEffect, useState } from 'preact/hooks';
import type { Filter } from '../lib/filters.ts';
import { fromInputTime, toInputTime } from '../lib/time.ts';

export interface Field {
    name: string;
    label: string;
    kind?: 'text' | 'time' | 'choice';
    choices?: readonly string[];
    all?: string;
}

// Choices and times take effect at once, texts by Enter or on leaving the field.
export function FilterBar({
    fields,
    filter,
    change,
    clear,
    label,
}: {
    fields: readonly Field[];
    filter: Filter;
    change: (next: Filter) => void;
    clear: (() => void) | null;
    label: string;
}) {
    const set = (name: string, value: string): void => {
        if ((filter[name] ?? '') === value) return;
        const next = { ...filter };
        if (value === '') delete next[name];
        else next[name] = value;
        change(next);
    };
    return (
        <form class="filters" role="search" aria-label={label} onSubmit={event => event.preventDefault()}>
            {fields.map(field => (
                <Control key={field.name} field={field} value={filter[field.name] ?? ''} set={value => set(field.name, value)} />
            ))}
            {clear !== null && (
                <button type="button" onClick={clear}>
                    Clear filters
                </button>
            )}
        </form>
    );
}

function Control({ field, value, set }: { field: Field; value: string; set: (value: string) => void }) {
    const [text, setText] = useState(value);
    useEffect(() => setText(value), [value]);
    if (field.kind === 'choice') {
        return (
            <label>
                {field.label}
                <select value={value} onChange={event => set(event.currentTarget.value)}>
                    <option value="">{field.all ?? 'any'}</option>
                    {(field.choices ?? []).map(choice => (
                        <option key={choice} value={choice}>
                            {choice}
                        </option>
                    ))}
                </select>
            </label>
        );
    }
    if (field.kind === 'time') {
        return (
            <label>
                {field.label}
                <input
                    type="datetime-local"
                    value={toInputTime(value)}
                    onChange={event => set(fromInputTime(event.currentTarget.value))}
                />
            </label>
        );
    }
    const keep = (): void => set(text.trim());
    return (
        <label>
            {field.label}
            <input
                value={text}
                onInput={event => setText(event.currentTarget.value)}
                onBlur={keep}
                autocomplete="off"
                spellcheck={false}
                onKeyDown={event => {
                    if (event.key === 'Enter') {
                        event.preventDefault();
                        keep();
                    }
                }}
            />
        </label>
    );
}
