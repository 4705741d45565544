import { useEffect, useState } from 'preact/hooks';
import { ApiError, ask } from '../../lib/client.ts';
import { go, goQuery, paths } from '../../lib/router.tsx';
import { sayFailed } from '../../lib/toast.ts';

// An id that is there opens its workflow; anything else is the beginning of ids.
export function Search({ prefix }: { prefix: string }) {
    const [text, setText] = useState(prefix);
    const [fault, setFault] = useState('');
    useEffect(() => setText(prefix), [prefix]);
    const search = async (): Promise<void> => {
        const id = text.trim();
        if (id === '') {
            goQuery({ idPrefix: '' });
            return;
        }
        if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
            setFault('An id is 1 to 64 of A-Z a-z 0-9 _ and -.');
            return;
        }
        setFault('');
        try {
            await ask(`workflows/${id}`);
            go(paths.workflow(id));
        } catch (error) {
            if (error instanceof ApiError && error.status === 404) goQuery({ idPrefix: id });
            else sayFailed(`Search: ${(error as Error).message}`);
        }
    };
    return (
        <form
            class="search"
            role="search"
            aria-label="Find a workflow"
            onSubmit={event => {
                event.preventDefault();
                void search();
            }}>
            <label>
                Id, or its beginning
                <input
                    type="search"
                    data-search=""
                    value={text}
                    onInput={event => setText(event.currentTarget.value)}
                    autocomplete="off"
                    spellcheck={false}
                    aria-describedby="search-fault"
                />
            </label>
            <button type="submit">Find</button>
            {prefix !== '' && (
                <button type="button" onClick={() => goQuery({ idPrefix: '' })}>
                    Clear search
                </button>
            )}
            <span id="search-fault" role="alert" class="refusal">
                {fault}
            </span>
        </form>
    );
}
