import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, withQuery } from '../../lib/client.ts';
import { saveFile, toCsv } from '../../lib/csv.ts';
import type { Filter } from '../../lib/filters.ts';
import { count } from '../../lib/lines.ts';
import { say, sayFailed } from '../../lib/toast.ts';
import type { Workflow, WorkflowList } from '../../lib/types.ts';

const maxRows = 10_000;

export function CsvButton({ filter }: { filter: Filter }) {
    const [read, setRead] = useState<number | null>(null);
    const abort = useRef(new AbortController());
    useEffect(() => () => abort.current.abort(), []);
    const save = async (): Promise<void> => {
        abort.current = new AbortController();
        const { signal } = abort.current;
        const rows: Workflow[] = [];
        let continuation: string | null = null;
        setRead(0);
        try {
            do {
                const list: WorkflowList = await ask<WorkflowList>(
                    withQuery('workflows', { ...filter, limit: 200, continuation }),
                    { signal },
                );
                rows.push(...list.workflows);
                continuation = list.continuation;
                setRead(rows.length);
            } while (continuation !== null && rows.length < maxRows);
            saveFile('workflows.csv', 'text/csv', toCsv(rows.slice(0, maxRows)));
            const cut = continuation !== null || rows.length > maxRows;
            const rest = cut ? '; there are more, which the file leaves out.' : '.';
            say(`${count(Math.min(rows.length, maxRows), 'workflow')} saved as workflows.csv${rest}`);
        } catch (error) {
            if (!signal.aborted) sayFailed(`CSV: ${(error as Error).message}`);
        }
        setRead(null);
    };
    return read === null ? (
        <button type="button" onClick={() => void save()} title={`Up to ${maxRows.toLocaleString('en')} rows`}>
            Save as CSV
        </button>
    ) : (
        <button type="button" onClick={() => abort.current.abort()}>
            {read.toLocaleString('en')} rows read: stop
        </button>
    );
}
