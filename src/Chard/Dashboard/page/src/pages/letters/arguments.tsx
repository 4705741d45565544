import { bytes } from '../../lib/lines.ts';
import type { DeadLetter } from '../../lib/types.ts';
import { JsonView } from '../../ui/json.tsx';

export function Arguments({ letter }: { letter: DeadLetter }) {
    return (
        <>
            <h2>Arguments</h2>
            {letter.argsBytes === null ? (
                <JsonView value={letter.args} label="Arguments" />
            ) : (
                <p>They are too large to be shown: {bytes(letter.argsBytes)}.</p>
            )}
        </>
    );
}
