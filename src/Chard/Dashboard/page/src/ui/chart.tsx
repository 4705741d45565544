import { duration } from '../lib/time.ts';

export interface Series {
    name: string;
    values: readonly (number | null)[];
}

const width = 240;
const height = 60;
const minutes = 60;

// Lines or bars over the last hour. The sentence below says what they show, the table every number.
export function Chart({
    title,
    series,
    times,
    unit,
    bars = false,
}: {
    title: string;
    series: readonly Series[];
    times: readonly string[];
    unit: 'count' | 'seconds';
    bars?: boolean;
}) {
    const all = series.flatMap(each => each.values).filter(value => value !== null);
    const most = Math.max(...all, unit === 'count' ? 1 : 0.001);
    const show = (value: number | null): string =>
        value === null ? '–' : unit === 'count' ? value.toLocaleString('en') : duration(value);
    // An app that started a moment ago has few minutes to show: they stand at the end of the hour.
    const slots = Math.max(minutes, times.length);
    const step = width / (slots - (bars ? 0 : 1));
    const x = (at: number): number => (slots - times.length + at) * step;
    const y = (value: number): number => height - 2 - (value / most) * (height - 6);
    return (
        <figure>
            <figcaption>{title}</figcaption>
            <svg class="chart" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
                <line x1="0" x2={width} y1={height - 1} y2={height - 1} />
                <line x1="0" x2={width} y1={y(most)} y2={y(most)} />
                {series.map((each, index) => (
                    <g key={each.name} class={index > 0 ? 'second' : ''}>
                        {bars
                            ? each.values.map(
                                  (value, at) =>
                                      value !== null &&
                                      value > 0 && (
                                          <rect
                                              key={at}
                                              x={x(at)}
                                              width={step * 0.8}
                                              y={y(value)}
                                              height={height - 1 - y(value)}
                                          />
                                      ),
                              )
                            : segments(each.values).map((points, at) => <polyline key={at} points={pointsOf(points, x, y)} />)}
                    </g>
                ))}
            </svg>
            <p class="quiet">
                {series.map(each => tell(each, show)).join(' ')} Top line: {show(most)}.
            </p>
            <details>
                <summary>Numbers</summary>
                <div class="table-box" role="region" aria-label={`${title}, numbers`} tabIndex={0}>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">Minute</th>
                                {series.map(each => (
                                    <th scope="col" class="number" key={each.name}>
                                        {each.name}
                                    </th>
                                ))}
                            </tr>
                        </thead>
                        <tbody>
                            {times.map((time, at) => (
                                <tr key={time}>
                                    <td>{new Date(time).toLocaleTimeString()}</td>
                                    {series.map(each => (
                                        <td class="number" key={each.name}>
                                            {show(each.values[at] ?? null)}
                                        </td>
                                    ))}
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            </details>
        </figure>
    );
}

// A minute alone is a dash, or it would not be seen.
function pointsOf(points: readonly [number, number][], x: (at: number) => number, y: (value: number) => number): string {
    const [alone] = points;
    const drawn = points.length === 1 && alone !== undefined ? [[alone[0] - 0.4, alone[1]] as const, alone] : points;
    return drawn.map(([at, value]) => `${x(at)},${y(value)}`).join(' ');
}

// A minute without a value is a gap, not a zero.
function segments(values: readonly (number | null)[]): [number, number][][] {
    const found: [number, number][][] = [];
    let open: [number, number][] | null = null;
    values.forEach((value, at) => {
        if (value === null) {
            open = null;
            return;
        }
        if (open === null) found.push((open = []));
        open.push([at, value]);
    });
    return found;
}

function tell(series: Series, show: (value: number | null) => string): string {
    const known = series.values.filter(value => value !== null);
    if (known.length === 0) return `${series.name}: nothing yet.`;
    const each = series.name.startsWith('p') ? '' : ' a minute';
    const range = `${show(Math.min(...known))} to ${show(Math.max(...known))}${each}`;
    return `${series.name}: ${range}, last ${show(known.at(-1) ?? null)}.`;
}
