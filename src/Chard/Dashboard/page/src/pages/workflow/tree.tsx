import { useMemo, useState } from 'preact/hooks';
import { count } from '../../lib/lines.ts';
import { Link, paths } from '../../lib/router.tsx';
import { canvasTree, countTree, failingIn, fillTree, isFailing, stateOf, type TreeNode } from '../../lib/tree.ts';
import type { DeadLetter, Json, TaskRow } from '../../lib/types.ts';
import { Status, Took } from '../../ui/basics.tsx';

const shownAtOnce = 50;
const foldedBeyond = 20;

interface Look {
    id: string;
    selected: string | null;
    ended: boolean;
}

export function Tree({
    canvas,
    rows,
    letters,
    ...look
}: Look & { canvas: Json; rows: readonly TaskRow[]; letters: readonly DeadLetter[] }) {
    const roots = useMemo(() => fillTree(canvasTree(canvas), rows, letters), [canvas, rows, letters]);
    return roots.length === 0 ? null : (
        <ul class="tree" aria-label="Tree of tasks" data-test="tree">
            <Branch nodes={roots} look={look} />
        </ul>
    );
}

// The first so many, and whatever has failed wherever it is.
function Branch({ nodes, look }: { nodes: readonly TreeNode[]; look: Look }) {
    const [limit, setLimit] = useState(shownAtOnce);
    const rest = nodes.slice(limit);
    const failing = rest.filter(node => isFailing(node) || failingIn(node).length > 0).slice(0, shownAtOnce);
    return (
        <>
            {nodes.slice(0, limit).map(node => (
                <Node key={node.path} node={node} look={look} />
            ))}
            {rest.length > failing.length && (
                <li>
                    <button type="button" onClick={() => setLimit(limit + 10 * shownAtOnce)}>
                        {count(rest.length - failing.length, 'more node')}
                    </button>
                </li>
            )}
            {failing.map(node => (
                <Node key={node.path} node={node} look={look} />
            ))}
        </>
    );
}

function Node({ node, look }: { node: TreeNode; look: Look }) {
    const [open, setOpen] = useState(node.children.length <= foldedBeyond);
    if (node.kind === 'parts' && node.children.length === 0) return <li class="quiet">{node.name}</li>;
    if (node.children.length === 0)
        return (
            <li>
                <Leaf node={node} look={look} />
            </li>
        );
    const failing = failingIn(node);
    const { failed, running, succeeded, waiting } = countTree(node);
    return (
        <li>
            <button type="button" class="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
                <span aria-hidden="true">{open ? '▾' : '▸'}</span> {node.role && <span class="quiet">{node.role}: </span>}
                {node.name}
                {node.id !== null && <span class="quiet"> {node.id}</span>}
            </button>{' '}
            <code class="quiet">{node.path}</code> {(node.row || node.letter) && <Leaf node={node} look={look} short />}
            <span class="counts">
                {failed > 0 && (
                    <span class="status s-failed">
                        <span aria-hidden="true">✕</span> {failed} failing
                    </span>
                )}
                {running > 0 && (
                    <span class="status s-running">
                        <span aria-hidden="true">◐</span> {running} running
                    </span>
                )}
                {succeeded > 0 && (
                    <span class="status s-succeeded">
                        <span aria-hidden="true">●</span> {succeeded} succeeded
                    </span>
                )}
                {waiting > 0 && (
                    <span class="status s-waiting">
                        <span aria-hidden="true">○</span> {waiting} not begun
                    </span>
                )}
            </span>
            {open && (
                <ul>
                    <Branch nodes={node.children} look={look} />
                </ul>
            )}
            {!open && failing.length > 0 && (
                <ul aria-label="Failing in it">
                    {failing.slice(0, shownAtOnce).map(each => (
                        <li key={each.path}>
                            <Leaf node={each} look={look} />
                        </li>
                    ))}
                    {failing.length > shownAtOnce && (
                        <li class="quiet">and {count(failing.length - shownAtOnce, 'more failing task')}</li>
                    )}
                </ul>
            )}
        </li>
    );
}

function Leaf({ node, look, short = false }: { node: TreeNode; look: Look; short?: boolean }) {
    const { row, letter } = node;
    const state = stateOf(node);
    const failure = row?.failure ?? (letter === null ? null : { code: letter.class, message: letter.message });
    const chosen = node.path === look.selected;
    return (
        <span class={chosen ? 'leaf chosen' : 'leaf'}>
            {!short && node.role && <span class="quiet">{node.role}: </span>}
            <Link to={paths.workflow(look.id, node.path)} data-row="" {...(chosen ? { 'aria-current': 'true' as const } : {})}>
                {short ? 'row' : node.name}
            </Link>{' '}
            {!short && (
                <>
                    <code class="quiet">{node.path}</code>
                    {node.id !== null && <span class="quiet"> {node.id}</span>}{' '}
                </>
            )}
            {state === 'waiting' && look.ended ? <span class="quiet">not run</span> : <Status value={state} />}{' '}
            {row && row.attempt > 1 && <span class="quiet">attempt {row.attempt}</span>}{' '}
            {row && (
                <span class="quiet">
                    <Took from={row.startedAt} to={row.finishedAt} />
                </span>
            )}{' '}
            {failure && state !== 'succeeded' && (
                <span class="failure">
                    {failure.code}: {failure.message}
                </span>
            )}{' '}
            {letter && <Link to={paths.letter(letter.id)}>Dead letter</Link>}
        </span>
    );
}
