import { useState } from 'preact/hooks';
import { ask, withQuery } from '../../lib/client.ts';
import { type Filter, readFilter, workflowFilters } from '../../lib/filters.ts';
import { type Batch, usePages } from '../../lib/pages.ts';
import { goQuery, Link, paths, usePlace } from '../../lib/router.tsx';
import { useRights } from '../../lib/session.ts';
import { type Workflow, type WorkflowList, workflowStatuses } from '../../lib/types.ts';
import { Page, Stamps, Status, TableBox, Time, Took } from '../../ui/basics.tsx';
import { type Field, FilterBar } from '../../ui/filters.tsx';
import { ListFoot } from '../../ui/more.tsx';
import { BulkButtons } from './bulk.tsx';
import { CsvButton } from './csv.tsx';
import { Search } from './search.tsx';

const fields: readonly Field[] = [
    { name: 'status', label: 'Status', kind: 'choice', choices: workflowStatuses },
    { name: 'workflow', label: 'Workflow' },
    { name: 'owner', label: 'Owner' },
    { name: 'stamp', label: 'Stamp' },
    { name: 'error', label: 'Error code' },
    { name: 'from', label: 'Created from', kind: 'time' },
    { name: 'before', label: 'Created before', kind: 'time' },
];

async function page(filter: Filter, continuation: string | null, signal: AbortSignal): Promise<Batch<Workflow>> {
    const list = await ask<WorkflowList>(withQuery('workflows', { ...filter, limit: 100, continuation }), { signal });
    return { items: list.workflows, continuation: list.continuation };
}

export function Workflows() {
    const { query } = usePlace();
    const rights = useRights();
    const [busy, setBusy] = useState(false);
    const filter = readFilter(query, workflowFilters);
    const prefix = query.get('idPrefix') ?? '';
    const whole: Filter = prefix === '' ? filter : { ...filter, idPrefix: prefix };
    const list = usePages((continuation, signal) => page(whole, continuation, signal), JSON.stringify(whole), busy ? 0 : 10);
    const change = (next: Filter): void => goQuery({ ...blank, ...next });
    return (
        <Page
            title="Workflows"
            actions={
                <button type="button" onClick={list.reload}>
                    Refresh
                </button>
            }>
            <Search prefix={prefix} />
            <FilterBar
                fields={fields}
                filter={filter}
                change={change}
                label="Filter workflows"
                clear={Object.keys(filter).length > 0 ? () => change({}) : null}
            />
            <div class="toolbar">
                {rights.operate && <BulkButtons filter={filter} prefix={prefix} open={setBusy} done={list.reload} />}
                <CsvButton filter={whole} />
            </div>
            {list.items.length > 0 && <WorkflowTable workflows={list.items} label="Workflows" />}
            <ListFoot
                list={list}
                noun="workflow"
                empty={
                    Object.keys(whole).length > 0
                        ? 'No workflow fits this filter.'
                        : 'No workflow yet. Whatever is started stands here, newest first.'
                }
            />
        </Page>
    );
}

const blank: Filter = Object.fromEntries(workflowFilters.map(name => [name, '']));

export function WorkflowTable({ workflows, label }: { workflows: readonly Workflow[]; label: string }) {
    return (
        <TableBox label={label}>
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col">Workflow</th>
                        <th scope="col">Status</th>
                        <th scope="col">Progress</th>
                        <th scope="col">Owner, stamps</th>
                        <th scope="col">Created</th>
                        <th scope="col">Took</th>
                    </tr>
                </thead>
                <tbody>
                    {workflows.map(workflow => (
                        <tr key={workflow.id}>
                            <td data-label="Workflow">
                                <Link to={paths.workflow(workflow.id)} data-row="">
                                    <code>{workflow.id}</code>
                                </Link>
                                <span class="under">{workflow.workflow}</span>
                            </td>
                            <td data-label="Status">
                                <Status value={workflow.status} />
                                {workflow.error && (
                                    <span class="under failure">
                                        {workflow.error.code}: {workflow.error.message}
                                    </span>
                                )}
                            </td>
                            <td data-label="Progress">{tellProgress(workflow)}</td>
                            <td data-label="Owner">
                                {workflow.owner ?? <span class="quiet">–</span>} <Stamps stamps={workflow.stamps} />
                            </td>
                            <td data-label="Created">
                                <Time at={workflow.createdAt} />
                            </td>
                            <td data-label="Took">
                                <Took from={workflow.startedAt} to={workflow.completedAt} />
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </TableBox>
    );
}

function tellProgress({ progress }: Workflow): string {
    if (progress === null || progress.total === 0) return '–';
    const failed = progress.failed > 0 ? `, ${progress.failed} failed` : '';
    return `${progress.succeeded} of ${progress.total}${failed}`;
}
