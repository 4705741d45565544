import { ask } from './client.ts';
import { bulkBody, type Filter } from './filters.ts';
import { addAnswer, type Outcome } from './outcome.ts';
import type { BulkAnswer, Json, JsonObject } from './types.ts';

const perCall = 200;

// One call takes so many; the continuation leads through the rest. `tell` hears of each call, so that a loop that breaks can go on.
export async function runBulk(
    path: string,
    filter: Filter,
    extra: JsonObject,
    from: Outcome,
    signal: AbortSignal,
    tell: (outcome: Outcome) => void,
): Promise<void> {
    let sum = from;
    do {
        const body: { [name: string]: Json } = { ...bulkBody(filter), ...extra, limit: perCall };
        if (sum.continuation !== null) body['continuation'] = sum.continuation;
        sum = addAnswer(sum, await ask<BulkAnswer>(path, { method: 'POST', body, signal }));
        tell(sum);
    } while (sum.continuation !== null && !signal.aborted);
}
