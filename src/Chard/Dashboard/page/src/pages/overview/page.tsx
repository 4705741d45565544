import type { ComponentChildren } from 'preact';
import { ask } from '../../lib/client.ts';
import { count } from '../../lib/lines.ts';
import { useLoad } from '../../lib/load.ts';
import { Link, paths } from '../../lib/router.tsx';
import type { GroupList, LetterGroup, Metrics, StuckList } from '../../lib/types.ts';
import { Empty, Loading, Page, Problem, Status, Time } from '../../ui/basics.tsx';
import { Chart } from '../../ui/chart.tsx';
import { Spark } from '../../ui/spark.tsx';
import { groupName, groupPath } from '../letters/groups.tsx';
import { ReasonList } from '../workflow/reasons.tsx';
import { noteQueues, readQueues } from './queues.ts';

const lookSeconds = 10;

// It costs a read of each workflow that is not done, and minutes pass before one counts as stuck.
const stuckSeconds = 30;

async function readMetrics(signal: AbortSignal): Promise<Metrics> {
    const metrics = await ask<Metrics>('metrics?history=60', { signal });
    noteQueues(metrics);
    return metrics;
}

export function Overview() {
    const groups = useLoad(signal => ask<GroupList>('dead-letters/groups?state=open', { signal }), 'groups', lookSeconds);
    const stuck = useLoad(signal => ask<StuckList>('stuck?minutes=10&limit=20', { signal }), 'stuck', stuckSeconds);
    const metrics = useLoad(readMetrics, 'metrics', lookSeconds);
    const all = groups.data?.groups ?? [];
    const parked = all.filter(group => group.parked > 0);
    const letters = all.filter(group => group.count > group.parked);
    const rising = metrics.data === null ? [] : readQueues().filter(queue => queue.rising);
    const waiting = stuck.data?.workflows ?? [];
    const known = groups.data !== null && stuck.data !== null && metrics.data !== null;
    const calm = known && parked.length + letters.length + waiting.length + rising.length === 0;
    return (
        <Page
            title="Overview"
            actions={
                <button
                    type="button"
                    onClick={() => {
                        groups.reload();
                        stuck.reload();
                        metrics.reload();
                    }}>
                    Refresh
                </button>
            }>
            {calm && (
                <p class="all-well" data-test="all-well">
                    <strong>Nothing needs anybody.</strong> Nothing is parked, no dead letter is open, nothing is stuck, no queue
                    rises.
                </p>
            )}
            <Need title="Parked by fault" show={parked.length > 0}>
                {parked.map(group => (
                    <GroupRow key={groupName(group)} group={group} list={groups.data} n={group.parked} what="parked" />
                ))}
            </Need>
            <Need title="Dead letters by fault" show={letters.length > 0}>
                {letters.map(group => (
                    <GroupRow
                        key={groupName(group)}
                        group={group}
                        list={groups.data}
                        n={group.count - group.parked}
                        what="open"
                    />
                ))}
            </Need>
            {groups.data === null && groups.loading && <Loading what="the dead letters" />}
            <Problem error={groups.error} retry={groups.reload} />
            <Need title="Stuck workflows" show={waiting.length > 0}>
                {waiting.map(({ workflow, reasons }) => (
                    <li key={workflow.id}>
                        <Link to={paths.workflow(workflow.id)} data-row="">
                            <code>{workflow.id}</code>
                        </Link>{' '}
                        <Status value={workflow.status} />
                        <span class="quiet">
                            {workflow.workflow}, created <Time at={workflow.createdAt} />
                        </span>
                        <ReasonList id={workflow.id} reasons={reasons} />
                    </li>
                ))}
            </Need>
            {stuck.data?.more && <p class="quiet">These are the oldest; there are more.</p>}
            <Problem error={stuck.error} retry={stuck.reload} />
            <Need title="Rising queues" show={rising.length > 0}>
                {rising.map(queue => (
                    <li key={queue.name}>
                        <Link to={paths.workflows({ status: queue.name === 'starts' ? 'queued' : 'running' })} data-row="">
                            Queue {queue.name}
                        </Link>
                        <span>
                            {count(queue.depth, 'message')}, {queue.from.toLocaleString('en')} two looks before: it rises.
                        </span>
                    </li>
                ))}
            </Need>
            <h2>Last hour</h2>
            <Problem error={metrics.error} retry={metrics.reload} />
            {metrics.data === null && metrics.loading && <Loading what="the measurements" />}
            {metrics.data !== null && <Charts metrics={metrics.data} />}
        </Page>
    );
}

function Need({ title, show, children }: { title: string; show: boolean; children: ComponentChildren }) {
    return show ? (
        <section aria-label={title}>
            <h2>{title}</h2>
            <ul class="needs">{children}</ul>
        </section>
    ) : null;
}

function GroupRow({ group, list, n, what }: { group: LetterGroup; list: GroupList | null; n: number; what: string }) {
    return (
        <li>
            <strong>
                {n.toLocaleString('en')} {what}
            </strong>
            <Link to={groupPath(group, {}, 'open')} data-row="">
                {groupName(group)}
            </Link>
            <Spark counts={group.times} from={list?.from ?? null} bucketSeconds={list?.bucketSeconds ?? 3600} />
            <span class="quiet">
                last <Time at={group.last} />
            </span>
            <span class="under failure">{group.message}</span>
        </li>
    );
}

function Charts({ metrics }: { metrics: Metrics }) {
    const minutes = metrics.history ?? [];
    if (minutes.length === 0)
        return <Empty>No minute has been measured yet. Throughput, failures and times of tasks would stand here.</Empty>;
    const times = minutes.map(minute => minute.at);
    return (
        <>
            <div class="charts" data-test="charts">
                <Chart
                    title="Tasks a minute"
                    times={times}
                    unit="count"
                    series={[{ name: 'Tasks', values: minutes.map(each => each.tasks) }]}
                />
                <Chart
                    title="Failures a minute"
                    times={times}
                    unit="count"
                    bars
                    series={[{ name: 'Failed tries', values: minutes.map(each => each.failed) }]}
                />
                <Chart
                    title="Time of a task"
                    times={times}
                    unit="seconds"
                    series={[
                        { name: 'p50', values: minutes.map(each => each.p50) },
                        { name: 'p95', values: minutes.map(each => each.p95) },
                    ]}
                />
            </div>
            <p class="quiet">
                As instance {metrics.instance} has measured it since <Time at={metrics.since} />; other instances have numbers of
                their own.
                {Object.entries(metrics.queues)
                    .map(([name, depth]) => ` Queue ${name}: ${depth.toLocaleString('en')}.`)
                    .join('')}
            </p>
        </>
    );
}
