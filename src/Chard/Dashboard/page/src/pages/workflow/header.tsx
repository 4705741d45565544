import { useNow } from '../../lib/load.ts';
import { Link, paths } from '../../lib/router.tsx';
import { duration, secondsLeft } from '../../lib/time.ts';
import type { Workflow } from '../../lib/types.ts';
import { Fact, Facts, Status, Stamps, Time, Took } from '../../ui/basics.tsx';

export function Header({ workflow }: { workflow: Workflow }) {
    return (
        <>
            <Facts>
                <Fact name="Status">
                    <Status value={workflow.status} />
                </Fact>
                <Fact name="Workflow">
                    <Link to={paths.workflows({ workflow: workflow.workflow })}>{workflow.workflow}</Link>
                </Fact>
                <Fact name="Owner">
                    {workflow.owner === null ? (
                        '–'
                    ) : (
                        <Link to={paths.workflows({ owner: workflow.owner })}>{workflow.owner}</Link>
                    )}
                </Fact>
                <Fact name="Created">
                    <Time at={workflow.createdAt} />
                </Fact>
                {workflow.startAt !== null && (
                    <Fact name="Not before">
                        <Time at={workflow.startAt} />
                    </Fact>
                )}
                <Fact name="Started">
                    <Time at={workflow.startedAt} />
                </Fact>
                <Fact name={workflow.completedAt === null ? 'At work for' : 'Took'}>
                    <Took from={workflow.startedAt} to={workflow.completedAt} />
                </Fact>
                {workflow.completedAt !== null && (
                    <Fact name="Ended">
                        <Time at={workflow.completedAt} />
                    </Fact>
                )}
                {workflow.expiresAt !== null && (
                    <Fact name="Expires">
                        <Time at={workflow.expiresAt} />
                    </Fact>
                )}
                {workflow.stamps.length > 0 && (
                    <Fact name="Stamps">
                        <Stamps stamps={workflow.stamps} />
                    </Fact>
                )}
            </Facts>
            <Progress workflow={workflow} />
            {workflow.error !== null && (
                <p class="problem" data-test="workflow-error">
                    <strong>{workflow.error.code}</strong>
                    {workflow.error.task !== null && <> in {workflow.error.task}</>}: {workflow.error.message}
                </p>
            )}
        </>
    );
}

function Progress({ workflow }: { workflow: Workflow }) {
    const now = useNow(2);
    const { progress, startedAt, status } = workflow;
    if (progress === null || progress.total === 0) return null;
    const done = progress.succeeded + progress.failed;
    const left = status === 'running' && startedAt !== null ? secondsLeft(done, progress.total, startedAt, now) : null;
    return (
        <p class="progress" data-test="progress">
            <progress aria-label="Progress" max={progress.total} value={done} />
            <span>
                {progress.succeeded.toLocaleString('en')} of {progress.total.toLocaleString('en')} succeeded
                {progress.failed > 0 && (
                    <>
                        , <strong class="failure">{progress.failed.toLocaleString('en')} failed</strong>
                    </>
                )}
                {left !== null && `; done in about ${duration(left)}, at the pace so far`}
            </span>
        </p>
    );
}
