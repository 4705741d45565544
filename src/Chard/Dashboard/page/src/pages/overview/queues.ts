import type { Metrics } from '../../lib/types.ts';

const kept = 6;

// What each queue held at the last looks, oldest first. Kept beside the page, so that who comes back sees at once what rises.
const seen = new Map<string, number[]>();

export interface Depth {
    name: string;
    depth: number;
    rising: boolean;
    from: number;
}

export function isRising(depths: readonly number[]): boolean {
    const last = depths.slice(-3);
    return last.length === 3 && last.every((depth, at) => at === 0 || depth > (last[at - 1] ?? 0));
}

export function noteQueues(metrics: Metrics): void {
    for (const [name, depth] of Object.entries(metrics.queues)) seen.set(name, [...(seen.get(name) ?? []), depth].slice(-kept));
}

export function readQueues(): Depth[] {
    return [...seen].map(([name, depths]) => ({
        name,
        depth: depths.at(-1) ?? 0,
        rising: isRising(depths),
        from: depths.at(-3) ?? 0,
    }));
}
