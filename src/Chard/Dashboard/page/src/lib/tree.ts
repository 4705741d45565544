import { isObject } from './json.ts';
import type { DeadLetter, Json, JsonObject, TaskRow } from './types.ts';

export type Kind = 'task' | 'chain' | 'group' | 'chord' | 'map' | 'parts';

export interface TreeNode {
    path: string;
    kind: Kind;
    // What it is called: the task's name, or the kind with how much is in it.
    name: string;
    id: string | null;
    role: string;
    children: TreeNode[];
    row: TaskRow | null;
    letter: DeadLetter | null;
}

export interface Counts {
    waiting: number;
    running: number;
    succeeded: number;
    failed: number;
}

// The tree of a canvas, by the positions that docs/canvas.md tells: 0 is the root, then the index of a step, member or item, `h` for a
// chord's header, `b` for its body, `e` for an onError.
export function canvasTree(canvas: Json): TreeNode | null {
    return isObject(canvas) ? node(canvas, '0', '') : null;
}

function node(value: JsonObject, path: string, role: string): TreeNode {
    const made = shape(value, path, role);
    const handler = value['onError'];
    if (isObject(handler)) made.children.push(node(handler, `${path}.e`, 'on error'));
    return made;
}

function shape(value: JsonObject, path: string, role: string): TreeNode {
    const id = typeof value['id'] === 'string' ? value['id'] : null;
    const make = (kind: Kind, name: string, children: TreeNode[]): TreeNode => ({
        path,
        kind,
        name,
        id,
        role,
        children,
        row: null,
        letter: null,
    });
    const { chain, group, chord, map, task, parts } = value;
    if (Array.isArray(chain)) return make('chain', `chain of ${chain.length}`, members(chain, path));
    if (Array.isArray(group)) {
        const stored = parts === undefined ? [] : [partsNode(path)];
        return make('group', parts === undefined ? `group of ${group.length}` : 'wide group', [
            ...members(group, path),
            ...stored,
        ]);
    }
    if (parts !== undefined) return make('group', 'wide group', [partsNode(path)]);
    if (isObject(chord)) return make('chord', 'chord', chordNodes(chord, path));
    if (isObject(map)) return make('map', `map of ${text(map['task'])}`, []);
    return make('task', typeof task === 'string' ? task : 'node', []);
}

function chordNodes(chord: JsonObject, path: string): TreeNode[] {
    const header = chord['header'];
    const body = chord['body'];
    const at = `${path}.h`;
    const made: TreeNode[] = [];
    if (Array.isArray(header)) {
        made.push({
            path: at,
            kind: 'group',
            name: `header of ${header.length}`,
            id: null,
            role: '',
            children: members(header, at),
            row: null,
            letter: null,
        });
    } else {
        made.push({
            path: at,
            kind: 'group',
            name: 'wide header',
            id: null,
            role: '',
            children: [partsNode(at)],
            row: null,
            letter: null,
        });
    }
    if (isObject(body)) made.push(node(body, `${path}.b`, 'body'));
    return made;
}

function members(values: readonly Json[], path: string): TreeNode[] {
    return values.flatMap((value, index) => (isObject(value) ? [node(value, `${path}.${index}`, '')] : []));
}

function partsNode(path: string): TreeNode {
    return {
        path: `${path}.+`,
        kind: 'parts',
        name: 'stored members, shown as they begin',
        id: null,
        role: '',
        children: [],
        row: null,
        letter: null,
    };
}

function text(value: Json | undefined): string {
    return typeof value === 'string' ? value : 'tasks';
}

// Lays rows and open letters on the tree. What has no node of its own (items of a map, members of parts, all of a workflow written
// in code) goes below the nearest node above it.
export function fillTree(root: TreeNode | null, rows: readonly TaskRow[], letters: readonly DeadLetter[]): TreeNode[] {
    const byPath = new Map<string, TreeNode>();
    const roots: TreeNode[] = root === null ? [] : [root];
    const index = (each: TreeNode): void => {
        byPath.set(each.path, each);
        each.children.forEach(index);
    };
    roots.forEach(index);
    const find = (path: string, task: string): TreeNode => {
        const known = byPath.get(path);
        if (known) return known;
        const made: TreeNode = { path, kind: 'task', name: task, id: null, role: '', children: [], row: null, letter: null };
        byPath.set(path, made);
        const above = root === null ? null : nearest(byPath, path);
        (above === null ? roots : above.children).push(made);
        return made;
    };
    for (const row of rows) {
        const at = find(row.path, row.task);
        at.row = row;
    }
    for (const letter of letters) {
        if (letter.path === null || letter.state !== 'open') continue;
        find(letter.path, letter.task ?? letter.origin).letter = letter;
    }
    return roots;
}

function nearest(byPath: ReadonlyMap<string, TreeNode>, path: string): TreeNode | null {
    for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
        const found = byPath.get(path.slice(0, end));
        if (found) return found;
    }
    return null;
}

export function stateOf(node: TreeNode): string {
    if (node.letter?.parked) return 'parked';
    if (node.row) return node.row.status;
    return node.letter ? 'failed' : 'waiting';
}

export function isFailing(node: TreeNode): boolean {
    return node.letter !== null || node.row?.status === 'failed';
}

export function countTree(node: TreeNode): Counts {
    const counts: Counts = { waiting: 0, running: 0, succeeded: 0, failed: 0 };
    walk(node, each => {
        if (isFailing(each)) counts.failed++;
        else if (each.row?.status === 'succeeded') counts.succeeded++;
        else if (each.row) counts.running++;
        // A handler that is not reached is no work that is left.
        else if (each.kind === 'task' && !/\.e(\.|$)/.test(each.path)) counts.waiting++;
    });
    return counts;
}

export function failingIn(node: TreeNode): TreeNode[] {
    const found: TreeNode[] = [];
    walk(node, each => {
        if (each !== node && isFailing(each)) found.push(each);
    });
    return found;
}

function walk(node: TreeNode, visit: (node: TreeNode) => void): void {
    visit(node);
    for (const child of node.children) walk(child, visit);
}
