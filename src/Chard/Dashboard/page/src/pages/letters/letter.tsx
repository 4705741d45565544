import { ask } from '../../lib/client.ts';
import { useLoad } from '../../lib/load.ts';
import { Link, paths } from '../../lib/router.tsx';
import { useRights } from '../../lib/session.ts';
import type { DeadLetter } from '../../lib/types.ts';
import { Fact, Facts, Id, Loading, Page, Problem, Stamps, Status, Time } from '../../ui/basics.tsx';
import { Arguments } from './arguments.tsx';
import { Decide } from './decide.tsx';

export function Letter({ id }: { id: string }) {
    const { data, error, loading, reload } = useLoad(signal => ask<DeadLetter>(paths.letter(id), { signal }), id);
    const rights = useRights();
    return (
        <Page
            title={`Dead letter ${id}`}
            heading={
                <>
                    Dead letter <Id id={id} />
                </>
            }
            actions={
                <button type="button" onClick={reload}>
                    Refresh
                </button>
            }>
            <Problem error={error} retry={reload} />
            {data === null && loading && <Loading what="the letter" />}
            {data !== null && (
                <>
                    <About letter={data} />
                    <h2>Failure</h2>
                    <Chain letter={data} />
                    {data.state !== 'open' && <Decided letter={data} />}
                    {data.state === 'open' && rights.operate && <Decide key={data.id} letter={data} changed={reload} />}
                    {(data.state !== 'open' || !rights.operate) && <Arguments letter={data} />}
                </>
            )}
        </Page>
    );
}

function About({ letter }: { letter: DeadLetter }) {
    return (
        <Facts>
            <Fact name="State">
                <Status value={letter.state} />
            </Fact>
            <Fact name="Task">
                {letter.task ?? letter.origin}{' '}
                <Link to={paths.letters({ task: letter.task, class: letter.class })}>all alike</Link>
            </Fact>
            <Fact name="Waits">{letter.parked ? 'a workflow is parked at it' : 'nothing waits for it'}</Fact>
            {letter.workflowId !== null && (
                <Fact name="Workflow">
                    <Link to={paths.workflow(letter.workflowId, letter.path)}>
                        {letter.workflow ?? ''} {letter.workflowId}
                    </Link>
                </Fact>
            )}
            {letter.path !== null && (
                <Fact name="Position">
                    <code>{letter.path}</code>
                </Fact>
            )}
            <Fact name="Attempts">{letter.attempts}</Fact>
            <Fact name="Since">
                <Time at={letter.createdAt} />
            </Fact>
            {letter.stamps.length > 0 && (
                <Fact name="Stamps">
                    <Stamps stamps={letter.stamps} />
                </Fact>
            )}
        </Facts>
    );
}

function Chain({ letter }: { letter: DeadLetter }) {
    return (
        <div data-test="failure-chain">
            <p>
                <strong class="failure">{letter.class}</strong> ({letter.kind}): {letter.message}
            </p>
            {letter.chain.length > 0 && (
                <ol class="chain">
                    {letter.chain.map((each, index) => (
                        <li key={index}>
                            <code>{each.type}</code> {each.message}
                        </li>
                    ))}
                </ol>
            )}
        </div>
    );
}

function Decided({ letter }: { letter: DeadLetter }) {
    return (
        <p>
            It was {letter.state} <Time at={letter.resolvedAt} />
            {letter.resolvedBy && <> by {letter.resolvedBy}</>}.{' '}
            {letter.retriedAs !== null && <Link to={paths.workflow(letter.retriedAs)}>The workflow that it runs as now</Link>}
        </p>
    );
}
