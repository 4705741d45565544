import { maxRows, type Paged } from '../lib/pages.ts';
import { count } from '../lib/lines.ts';
import { Empty, Loading, Problem } from './basics.tsx';

export function ListFoot<T>({ list, noun, empty }: { list: Paged<T>; noun: string; empty: string }) {
    const { items, skipped, next, loading, error } = list;
    const full = items.length > maxRows - 100;
    return (
        <div class="list-foot">
            <Problem error={error} retry={list.reload} />
            {items.length === 0 && error === null && (loading ? <Loading what={`${noun}s`} /> : <Empty>{empty}</Empty>)}
            {items.length > 0 && (
                <p class="quiet" role="status">
                    {skipped > 0
                        ? `${(skipped + 1).toLocaleString('en')} to ${(skipped + items.length).toLocaleString('en')}`
                        : count(items.length, noun)}{' '}
                    shown
                    {next === null ? '; there are no more.' : '.'}
                </p>
            )}
            {next !== null && (
                <button type="button" disabled={loading} onClick={list.more}>
                    {full ? 'Next rows, in place of these' : 'More'}
                </button>
            )}
            {skipped > 0 && (
                <button type="button" onClick={list.reload}>
                    Back to the newest
                </button>
            )}
        </div>
    );
}
