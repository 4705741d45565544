import { ask, withQuery } from '../../lib/client.ts';
import type { Filter } from '../../lib/filters.ts';
import { count } from '../../lib/lines.ts';
import { useLoad } from '../../lib/load.ts';
import { Link, paths } from '../../lib/router.tsx';
import type { GroupList, LetterGroup } from '../../lib/types.ts';
import { Empty, Loading, Problem, TableBox, Time } from '../../ui/basics.tsx';
import { Spark } from '../../ui/spark.tsx';

export function Groups({ filter, state, turn }: { filter: Filter; state: string; turn: number }) {
    const path = withQuery('dead-letters/groups', { ...filter, state: state === 'all' ? '' : state });
    const { data, error, loading, reload } = useLoad(signal => ask<GroupList>(path, { signal }), `${path} ${turn}`, 10);
    return (
        <>
            <Problem error={error} retry={reload} />
            {data === null && loading && <Loading what="the faults" />}
            {data !== null && data.groups.length === 0 && (
                <Empty>No dead letters. Tasks that have failed for good would stand here, by task and fault.</Empty>
            )}
            {data !== null && data.groups.length > 0 && (
                <>
                    <p class="quiet">
                        {count(data.total, 'letter')}
                        {data.more && ' and more'} in {count(data.groups.length, 'group')} by task and fault.
                    </p>
                    <GroupTable list={data} filter={filter} state={state} />
                </>
            )}
        </>
    );
}

export function groupPath(group: LetterGroup, filter: Filter, state: string): string {
    return paths.letters({
        ...filter,
        ...(group.task === null ? { origin: group.origin } : { task: group.task }),
        class: group.class,
        state: state === 'open' ? '' : state,
    });
}

export function groupName(group: { task: string | null; origin: string; class: string }): string {
    return `${group.task ?? group.origin} / ${group.class}`;
}

function GroupTable({ list, filter, state }: { list: GroupList; filter: Filter; state: string }) {
    return (
        <TableBox label="Dead letters by task and fault">
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col">Task and fault</th>
                        <th scope="col" class="number">
                            Letters
                        </th>
                        <th scope="col" class="number">
                            Parked
                        </th>
                        <th scope="col">Over time</th>
                        <th scope="col">First</th>
                        <th scope="col">Last</th>
                        <th scope="col">Newest</th>
                    </tr>
                </thead>
                <tbody>
                    {list.groups.map(group => (
                        <tr key={groupName(group)}>
                            <td data-label="Task and fault">
                                <Link to={groupPath(group, filter, state)} data-row="">
                                    {groupName(group)}
                                </Link>
                                <span class="under failure">
                                    {group.kind}: {group.message}
                                </span>
                            </td>
                            <td data-label="Letters" class="number">
                                {group.count.toLocaleString('en')}
                            </td>
                            <td data-label="Parked" class="number">
                                {group.parked > 0 ? (
                                    <span class="status s-parked">
                                        <span aria-hidden="true">▲</span> {group.parked}
                                    </span>
                                ) : (
                                    '0'
                                )}
                            </td>
                            <td data-label="Over time">
                                <Spark counts={group.times} from={list.from} bucketSeconds={list.bucketSeconds} />
                            </td>
                            <td data-label="First">
                                <Time at={group.first} />
                            </td>
                            <td data-label="Last">
                                <Time at={group.last} />
                            </td>
                            <td data-label="Newest">
                                <Link
                                    to={paths.letter(group.newest)}
                                    aria-label={`Open the newest letter of ${groupName(group)}`}>
                                    Open
                                </Link>
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </TableBox>
    );
}
