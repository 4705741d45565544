import { relative } from '../lib/time.ts';

// Counts over time as bars; said in words for those who do not see them.
export function Spark({
    counts,
    from,
    bucketSeconds,
}: {
    counts: readonly number[];
    from: string | null;
    bucketSeconds: number;
}) {
    if (counts.length === 0) return null;
    const most = Math.max(...counts, 1);
    const peak = counts.indexOf(Math.max(...counts));
    const at =
        from === null
            ? ''
            : `, most ${relative(new Date(Date.parse(from) + peak * bucketSeconds * 1000).toISOString(), Date.now())}`;
    const width = 100 / counts.length;
    return (
        <svg
            class="spark"
            viewBox="0 0 100 20"
            preserveAspectRatio="none"
            role="img"
            aria-label={`Over time${at}: ${Math.max(...counts)}`}>
            <line x1="0" x2="100" y1="19.5" y2="19.5" />
            {counts.map(
                (n, index) =>
                    n > 0 && (
                        <rect
                            key={index}
                            x={index * width}
                            y={19 - (n / most) * 18}
                            width={Math.max(width * 0.85, 0.5)}
                            height={(n / most) * 18 + 0.5}
                        />
                    ),
            )}
        </svg>
    );
}
