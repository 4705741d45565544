import { fromInputTime } from '../../lib/time.ts';
import type { Fault, JsonObject } from '../../lib/types.ts';

export interface StartOptions {
    id: string;
    owner: string;
    stamps: string;
    startAt: string;
    onExhausted: string;
}

export const noOptions: StartOptions = { id: '', owner: '', stamps: '', startAt: '', onExhausted: '' };

export function optionsOf(options: StartOptions): JsonObject {
    const made: JsonObject = {};
    if (options.id.trim() !== '') made['id'] = options.id.trim();
    if (options.owner.trim() !== '') made['owner'] = options.owner.trim();
    const stamps = options.stamps.split(/[\s,]+/).filter(each => each !== '');
    if (stamps.length > 0) made['stamps'] = stamps;
    if (options.startAt !== '') made['startAt'] = fromInputTime(options.startAt);
    if (options.onExhausted !== '') made['onExhausted'] = options.onExhausted;
    return made;
}

export function Options({
    options,
    set,
    faults,
    task = false,
}: {
    options: StartOptions;
    set: (options: StartOptions) => void;
    faults: readonly Fault[];
    task?: boolean;
}) {
    const wrong = (name: string): boolean =>
        faults.some(fault => fault.pointer === `/${name}` || fault.pointer.startsWith(`/${name}/`));
    const field = (name: 'id' | 'owner' | 'stamps', label: string) => (
        <label>
            {label}
            <input
                value={options[name]}
                aria-invalid={wrong(name)}
                autocomplete="off"
                onInput={event => set({ ...options, [name]: event.currentTarget.value })}
            />
        </label>
    );
    return (
        <details open>
            <summary>Options</summary>
            <fieldset>
                <legend>All of them may be left empty</legend>
                <div class="row">
                    {field('id', 'Id')}
                    {field('owner', 'Owner')}
                </div>
                <div class="row">
                    {field('stamps', 'Stamps, separated by spaces')}
                    <label>
                        Not before
                        <input
                            type="datetime-local"
                            value={options.startAt}
                            aria-invalid={wrong('startAt')}
                            onInput={event => set({ ...options, startAt: event.currentTarget.value })}
                        />
                    </label>
                </div>
                {task && (
                    <label>
                        When it has failed for good
                        <select
                            value={options.onExhausted}
                            aria-invalid={wrong('onExhausted')}
                            onChange={event => set({ ...options, onExhausted: event.currentTarget.value })}>
                            <option value="">as the task's policy says</option>
                            <option value="fail">fail</option>
                            <option value="park">park: wait for an operator</option>
                            <option value="skip">skip: go on without a result</option>
                        </select>
                    </label>
                )}
            </fieldset>
        </details>
    );
}
