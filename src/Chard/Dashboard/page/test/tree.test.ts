import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canvasTree, countTree, failingIn, fillTree, stateOf } from '../src/lib/tree.ts';
import type { DeadLetter, Json, TaskRow } from '../src/lib/types.ts';
import { eventParser, type ServerEvent } from '../src/lib/events.ts';

const canvas: Json = {
    chain: [
        { task: 'Inspect', id: 'look' },
        { chord: { header: [{ task: 'A' }, { task: 'A' }], body: { task: 'Sum' } }, onError: { task: 'Notify' } },
        { map: { task: 'Square', over: '$prev' } },
    ],
};

function row(path: string, status: TaskRow['status']): TaskRow {
    return {
        path,
        task: 'A',
        status,
        attempt: 1,
        generation: 0,
        startedAt: '',
        finishedAt: null,
        progress: null,
        failure: null,
        stamps: [],
    };
}

const letter = (path: string): DeadLetter => ({
    id: path,
    origin: 'task',
    workflowId: 'w',
    workflow: 'W',
    task: 'A',
    path,
    class: 'c',
    kind: 'permanent',
    message: 'm',
    chain: [],
    attempts: 1,
    args: null,
    argsBytes: null,
    parked: true,
    state: 'open',
    stamps: [],
    createdAt: '',
    resolvedAt: null,
    resolvedBy: null,
    retriedAs: null,
});

test('the tree has the positions of the canvas', () => {
    const root = canvasTree(canvas);
    const paths: string[] = [];
    const walk = (node: NonNullable<typeof root>): void => {
        paths.push(node.path);
        node.children.forEach(walk);
    };
    assert.ok(root);
    walk(root);
    assert.deepEqual(paths, ['0', '0.0', '0.1', '0.1.h', '0.1.h.0', '0.1.h.1', '0.1.b', '0.1.e', '0.2']);
});

test('items of a map, and letters without a row, find their place and are counted', () => {
    const [root] = fillTree(
        canvasTree(canvas),
        [row('0.0', 'succeeded'), row('0.1.h.0', 'running'), row('0.2.17', 'failed')],
        [letter('0.2.99')],
    );
    assert.ok(root);
    assert.deepEqual(
        root.children[2]?.children.map(each => each.path),
        ['0.2.17', '0.2.99'],
    );
    assert.deepEqual(
        failingIn(root).map(each => [each.path, stateOf(each)]),
        [
            ['0.2.17', 'failed'],
            ['0.2.99', 'parked'],
        ],
    );
    assert.deepEqual(countTree(root), { waiting: 2, running: 1, succeeded: 1, failed: 2 });
});

test('a workflow in code is a list of its tasks', () => {
    assert.deepEqual(
        fillTree(null, [row('0', 'succeeded'), row('1.0', 'failed')], []).map(each => each.path),
        ['0', '1.0'],
    );
});

test('stored parts of a wide group are named, not lost', () => {
    const root = canvasTree({ group: [{ task: 'A' }], parts: { $payload: 'x' } });
    assert.deepEqual(
        root?.children.map(each => each.kind),
        ['task', 'parts'],
    );
});

test('events are read however the bytes are cut', () => {
    const whole = ': hello\n\nid: 7\nevent: status\ndata: {"a":\ndata: 1}\n\nevent: status\r\ndata: x\r\n\r\n';
    for (let cut = 1; cut < whole.length; cut++) {
        const events: ServerEvent[] = [];
        const feed = eventParser(event => events.push(event));
        feed(whole.slice(0, cut));
        feed(whole.slice(cut));
        assert.deepEqual(
            events,
            [
                { event: 'status', id: '7', data: '{"a":\n1}' },
                { event: 'status', id: '7', data: 'x' },
            ],
            `cut at ${cut}`,
        );
    }
});
