import type { FormField } from '../../lib/form.ts';
import { escapePointer } from '../../lib/json.ts';
import type { Fault } from '../../lib/types.ts';

export function Fields({
    fields,
    values,
    set,
    faults,
}: {
    fields: readonly FormField[];
    values: Readonly<Record<string, string>>;
    set: (values: Record<string, string>) => void;
    faults: readonly Fault[];
}) {
    const own = (field: FormField): Fault[] => {
        const place = `/${escapePointer(field.name)}`;
        return faults.filter(fault => fault.pointer === place || fault.pointer.startsWith(`${place}/`));
    };
    const placed = fields.flatMap(own);
    return (
        <>
            {fields.length === 0 && <p class="quiet">It takes no arguments.</p>}
            {fields.map(field => (
                <Field
                    key={field.name}
                    field={field}
                    value={values[field.name] ?? ''}
                    faults={own(field)}
                    set={value => set({ ...values, [field.name]: value })}
                />
            ))}
            {faults
                .filter(fault => !placed.includes(fault))
                .map(fault => (
                    <p class="refusal" role="status" key={fault.pointer + fault.message}>
                        <code>{fault.pointer}</code> {fault.message}
                    </p>
                ))}
        </>
    );
}

function Field({
    field,
    value,
    set,
    faults,
}: {
    field: FormField;
    value: string;
    set: (value: string) => void;
    faults: readonly Fault[];
}) {
    const id = `field-${field.name}`;
    const told = `${id}-told`;
    const common = { id, 'aria-describedby': told, 'aria-invalid': faults.length > 0, 'aria-required': field.required };
    return (
        <div>
            <label for={id}>
                {field.name}
                {field.required ? ' (required)' : ''}
            </label>
            {field.kind === 'text' && <input {...common} value={value} onInput={event => set(event.currentTarget.value)} />}
            {field.kind === 'number' && (
                <input {...common} inputMode="decimal" value={value} onInput={event => set(event.currentTarget.value.trim())} />
            )}
            {(field.kind === 'boolean' || field.kind === 'choice') && (
                <select {...common} value={value} onChange={event => set(event.currentTarget.value)}>
                    <option value="">left out</option>
                    {(field.kind === 'boolean' ? [true, false] : field.choices).map(choice => (
                        <option key={String(choice)} value={JSON.stringify(choice)}>
                            {String(choice)}
                        </option>
                    ))}
                    {field.nullable && <option value="null">null</option>}
                </select>
            )}
            {field.kind === 'json' && (
                <textarea
                    {...common}
                    class="code"
                    rows={4}
                    spellcheck={false}
                    placeholder="JSON"
                    value={value}
                    onInput={event => set(event.currentTarget.value)}
                />
            )}
            <div id={told}>
                <span class="hint">{field.hint}</span>
                {faults.map(fault => (
                    <p class="refusal" key={fault.pointer + fault.message}>
                        <code>{fault.pointer}</code> {fault.message}
                    </p>
                ))}
            </div>
        </div>
    );
}
