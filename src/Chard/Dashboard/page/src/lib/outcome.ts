import type { BulkAnswer } from './types.ts';

export interface Outcome {
    matched: number;
    done: number;
    refused: { id: string; reason: string }[];
    refusedCount: number;
    // Where to go on after a failure or a stop; null once all is done.
    continuation: string | null;
    calls: number;
}

export const nothingYet: Outcome = { matched: 0, done: 0, refused: [], refusedCount: 0, continuation: null, calls: 0 };

const refusalsKept = 1_000;

export function addAnswer(sum: Outcome, answer: BulkAnswer): Outcome {
    const done = answer.cancelled ?? answer.paused ?? answer.resumed ?? answer.retried ?? answer.resolved ?? 0;
    return {
        matched: sum.matched + answer.matched,
        done: sum.done + done,
        refused: [...sum.refused, ...answer.refused].slice(0, refusalsKept),
        refusedCount: sum.refusedCount + answer.refused.length,
        continuation: answer.continuation,
        calls: sum.calls + 1,
    };
}
