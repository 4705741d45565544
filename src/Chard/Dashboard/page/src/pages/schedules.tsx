import { ask, post } from '../lib/client.ts';
import { useLoad } from '../lib/load.ts';
import { Link, paths } from '../lib/router.tsx';
import { useRights } from '../lib/session.ts';
import { localTime } from '../lib/time.ts';
import { say } from '../lib/toast.ts';
import type { Accepted, Schedule, Workflow } from '../lib/types.ts';
import { Action } from '../ui/action.tsx';
import { Empty, Loading, Page, Problem, Status, TableBox, Time } from '../ui/basics.tsx';

export function Schedules() {
    const { data, error, loading, reload } = useLoad(
        signal => ask<{ schedules: Schedule[] }>('schedules', { signal }),
        'schedules',
        15,
    );
    return (
        <Page
            title="Schedules"
            actions={
                <button type="button" onClick={reload}>
                    Refresh
                </button>
            }>
            <Problem error={error} retry={reload} />
            {data === null && loading && <Loading what="the schedules" />}
            {data !== null && data.schedules.length === 0 && (
                <Empty>
                    No schedule is set. What <code>Chard:Schedules</code> in the settings starts by the clock would stand here.
                </Empty>
            )}
            {data !== null && data.schedules.length > 0 && <Table schedules={data.schedules} changed={reload} />}
        </Page>
    );
}

function Table({ schedules, changed }: { schedules: readonly Schedule[]; changed: () => void }) {
    const rights = useRights();
    return (
        <TableBox label="Schedules">
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col">Schedule</th>
                        <th scope="col">When</th>
                        <th scope="col">Next runs</th>
                        <th scope="col">Last run</th>
                        <th scope="col" class="number">
                            Missed
                        </th>
                        {rights.operate && <th scope="col">Action</th>}
                    </tr>
                </thead>
                <tbody>
                    {schedules.map(schedule => (
                        <tr key={schedule.name}>
                            <td data-label="Schedule">
                                <Link
                                    to={paths.workflows({ stamp: `schedule=${schedule.name}` })}
                                    data-row=""
                                    aria-label={`${schedule.name}, its runs`}>
                                    {schedule.name}
                                </Link>
                            </td>
                            <td data-label="When">
                                <span>
                                    <code>{schedule.cron}</code> {schedule.timeZone}
                                </span>
                                <span class="under">
                                    catches up{' '}
                                    {schedule.catchUp === 'none'
                                        ? 'nothing'
                                        : schedule.catchUp === 'all'
                                          ? 'all ticks'
                                          : 'the last tick'}
                                </span>
                            </td>
                            <td data-label="Next runs">
                                {schedule.enabled ? (
                                    <Next at={schedule.next} upcoming={schedule.upcoming ?? []} />
                                ) : (
                                    <span class="status">⊘ switched off</span>
                                )}
                            </td>
                            <td data-label="Last run">
                                {schedule.last === null ? (
                                    <span class="quiet">none yet</span>
                                ) : (
                                    <Last key={schedule.last.workflowId} last={schedule.last} />
                                )}
                            </td>
                            <td data-label="Missed" class="number">
                                {schedule.missed.toLocaleString('en')}
                            </td>
                            {rights.operate && (
                                <td data-label="Action">
                                    <RunNow name={schedule.name} changed={changed} />
                                </td>
                            )}
                        </tr>
                    ))}
                </tbody>
            </table>
        </TableBox>
    );
}

// In the time of who looks; the exact one is in the title of each.
function Next({ at, upcoming }: { at: string | null; upcoming: readonly string[] }) {
    if (at === null) return <span class="quiet">–</span>;
    const runs = upcoming.length > 0 ? upcoming : [at];
    return (
        <span>
            <Time at={at} />
            <ol class="under" aria-label="Next runs">
                {runs.map(run => (
                    <li key={run}>
                        <time dateTime={run} title={localTime(run)}>
                            {new Date(run).toLocaleString()}
                        </time>
                    </li>
                ))}
            </ol>
        </span>
    );
}

function Last({ last }: { last: { tick: string; workflowId: string } }) {
    const { data } = useLoad(signal => ask<Workflow>(paths.workflow(last.workflowId), { signal }), last.workflowId);
    return (
        <span>
            <Link to={paths.workflow(last.workflowId)}>{data?.workflow ?? last.workflowId}</Link>{' '}
            {data !== null && <Status value={data.status} />}
            <span class="under">
                <Time at={last.tick} />
            </span>
        </span>
    );
}

function RunNow({ name, changed }: { name: string; changed: () => void }) {
    const run = async (): Promise<void> => {
        const { id } = await post<Accepted>(`schedules/${encodeURIComponent(name)}/run`);
        say(`${name} runs as`, { to: paths.workflow(id), text: id });
        changed();
    };
    return (
        <Action
            label="Run now"
            run={run}
            done={`Started ${name}.`}
            confirm={
                <p>
                    Starts what the schedule <strong>{name}</strong> starts, beside its ticks and not in place of one.
                </p>
            }
        />
    );
}
