import { useState } from 'preact/hooks';
import { count } from '../../lib/lines.ts';
import type { Loaded } from '../../lib/load.ts';
import { Link, paths } from '../../lib/router.tsx';
import type { LetterList } from '../../lib/types.ts';
import { Problem } from '../../ui/basics.tsx';
import { LetterTable } from '../letters/page.tsx';

const shownAtOnce = 5;

// The first few: the tree below shows each where it happened, and the list of letters acts on all of them.
export function Letters({ id, letters }: { id: string; letters: Loaded<LetterList> }) {
    const [all, setAll] = useState(false);
    const found = letters.data?.deadLetters ?? [];
    if (found.length === 0) return <Problem error={letters.error} retry={letters.reload} />;
    const more = letters.data?.continuation ? ' or more' : '';
    return (
        <section aria-labelledby="letters-head">
            <h2 id="letters-head">
                Dead letters{' '}
                <span class="quiet">
                    {count(found.length, 'letter')}
                    {more},{' '}
                </span>
                <Link to={paths.letters({ workflowId: id })}>act on all that are open</Link>
            </h2>
            <LetterTable letters={all ? found : found.slice(0, shownAtOnce)} label="Dead letters of this workflow" />
            {!all && found.length > shownAtOnce && (
                <div class="toolbar">
                    <button type="button" onClick={() => setAll(true)}>
                        {count(found.length - shownAtOnce, 'more letter')}
                    </button>
                </div>
            )}
            <Problem error={letters.error} retry={letters.reload} />
        </section>
    );
}
