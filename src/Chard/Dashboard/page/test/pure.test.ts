import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAnswer, nothingYet } from '../src/lib/outcome.ts';
import { toCsv } from '../src/lib/csv.ts';
import { bulkBody, readFilter, workflowFilters } from '../src/lib/filters.ts';
import { fieldsOf, fillForm, readForm } from '../src/lib/form.ts';
import { holdsMasked, maskJson, unmaskJson } from '../src/lib/json.ts';
import { checkSchema } from '../src/lib/schema.ts';
import { duration, relative, secondsLeft } from '../src/lib/time.ts';
import type { Json, Workflow } from '../src/lib/types.ts';
import { isRising } from '../src/pages/overview/queues.ts';

test('masked members are hidden wherever they are, in any case of their name', () => {
    const value: Json = { user: 'ann', Password: 'x', list: [{ password: { deep: 1 } }] };
    assert.deepEqual(maskJson(value, ['password']), { user: 'ann', Password: '•••', list: [{ password: '•••' }] });
    assert.equal(holdsMasked(value, ['password']), true);
    assert.equal(holdsMasked({ user: 'ann' }, ['password']), false);
});

test('what was left masked gets its true value back, and nothing else is touched', () => {
    const original: Json = { row: 1, password: 'hunter2', list: [{ password: null }, { password: 'b' }] };
    const edited: Json = { row: 2, password: '•••', list: [{ password: '•••' }, { password: 'new' }], note: '•••' };
    const lost: string[] = [];
    assert.deepEqual(unmaskJson(edited, original, ['password'], lost), {
        row: 2,
        password: 'hunter2',
        list: [{ password: null }, { password: 'new' }],
        note: '•••',
    });
    assert.deepEqual(lost, []);
});

test('a masked value at a place that had none is told, not sent', () => {
    const lost: string[] = [];
    unmaskJson({ list: [{ 'pass/word': '•••' }] }, { list: [] }, ['pass/word'], lost);
    assert.deepEqual(lost, ['/list/0/pass~1word']);
});

const schema: Json = {
    type: 'object',
    properties: {
        file: { type: 'string' },
        row: { type: 'integer', minimum: 0, maximum: 9 },
        mode: { enum: ['strict', 'lax'] },
        ratio: { type: ['number', 'null'] },
        tags: { type: 'array', items: { type: 'string' } },
        inner: { $ref: '#/$defs/inner' },
    },
    required: ['file', 'row'],
    additionalProperties: false,
    $defs: { inner: { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] } },
};

test('a schema finds each kind of fault at its pointer', () => {
    const pointers = (value: Json): string[] => checkSchema(value, schema).map(fault => fault.pointer);
    assert.deepEqual(pointers({ file: 'a', row: 3, mode: 'lax', ratio: null, tags: ['x'], inner: { a: true } }), []);
    assert.deepEqual(pointers({ file: 'a' }), ['']);
    assert.deepEqual(pointers({ file: 1, row: 1.5 }), ['/file', '/row']);
    assert.deepEqual(pointers({ file: 'a', row: -1, mode: 'x', more: 1 }), ['/row', '/mode', '/more']);
    assert.deepEqual(pointers({ file: 'a', row: 10, tags: ['x', 2], inner: { a: 'yes' } }), ['/row', '/tags/1', '/inner/a']);
    assert.deepEqual(pointers([]), ['']);
    assert.deepEqual(checkSchema({ anything: 1 }, true), []);
});

test('a schema that refers to itself is followed only as deep as the value', () => {
    const tree: Json = { type: 'object', properties: { next: { $ref: '#' }, n: { type: 'integer' } } };
    assert.deepEqual(
        checkSchema({ next: { next: { n: 'x' } } }, tree).map(fault => fault.pointer),
        ['/next/next/n'],
    );
    assert.deepEqual(checkSchema({}, { $ref: '#' }), []);
});

test('a form is made from a schema, read, and filled again', () => {
    const fields = fieldsOf(schema);
    assert.deepEqual(
        fields?.map(field => field.kind),
        ['text', 'number', 'choice', 'number', 'json', 'json'],
    );
    const { value, faults } = readForm(fields ?? [], { file: '7', row: '7', mode: '"lax"', tags: '["a"]' });
    assert.deepEqual(value, { file: '7', row: 7, mode: 'lax', tags: ['a'] });
    assert.deepEqual(faults, []);
    assert.deepEqual(readForm(fields ?? [], fillForm(fields ?? [], value) ?? {}).value, value);
    assert.deepEqual(readForm(fields ?? [], { file: 'a', row: 'x' }).faults, [{ pointer: '/row', message: 'is no number' }]);
    assert.equal(fillForm(fields ?? [], { unknown: 1 }), null);
    assert.equal(fieldsOf({ type: 'integer' }), null);
});

test('a filter is read from the query, and no filter means all only where that is said', () => {
    const filter = readFilter(new URLSearchParams('status=failed&stamp=batch%3D7&other=1&owner='), workflowFilters);
    assert.deepEqual(filter, { status: 'failed', stamp: 'batch=7' });
    assert.deepEqual(bulkBody(filter), filter);
    assert.deepEqual(bulkBody({}), { all: true });
});

test('the answers of a loop of calls add up', () => {
    const one = addAnswer(nothingYet, { matched: 3, retried: 2, refused: [{ id: 'a', reason: 'no' }], continuation: 'x' });
    const two = addAnswer(one, { matched: 1, resolved: 1, refused: [], continuation: null });
    assert.deepEqual([two.matched, two.done, two.refusedCount, two.continuation, two.calls], [4, 3, 1, null, 2]);
});

test('a cell that a spreadsheet would run is made text', () => {
    const workflow = {
        id: 'a',
        workflow: 'W',
        status: 'failed',
        owner: '=cmd()',
        stamps: ['x', 'y'],
        progress: null,
        createdAt: 't',
        startedAt: null,
        completedAt: null,
        startAt: null,
        expiresAt: null,
        error: { code: 'c', message: 'a "b", c', task: null },
    } satisfies Workflow;
    assert.equal(toCsv([workflow]).split('\r\n')[1], `a,W,failed,'=cmd(),x y,t,,,,,,c,"a ""b"", c",`);
});

test('times are told as people say them', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    assert.equal(relative('2026-11-22T11:56:30Z', now), '3 min ago');
    assert.equal(relative('2026-11-22T14:00:00Z', now), 'in 2 h');
    assert.equal(relative('2026-11-22T11:59:58Z', now), 'just now');
    assert.equal(duration(0.25), '250 ms');
    assert.equal(duration(200), '3 min 20 s');
    assert.equal(duration(3_605), '1 h');
    assert.equal(duration(2 * 86_400 + 4 * 3_600), '2 d 4 h');
    assert.equal(secondsLeft(10, 40, '2026-11-22T11:59:50Z', now), 30);
    assert.equal(secondsLeft(0, 40, '2026-11-22T11:59:50Z', now), null);
});

test('a queue rises when each of the last looks found more', () => {
    assert.equal(isRising([5, 1, 2, 3]), true);
    assert.equal(isRising([1, 2, 2]), false);
    assert.equal(isRising([1, 2]), false);
});

test('a choice that may be null is a choice, however the schema says so', () => {
    const fields = fieldsOf({
        type: 'object',
        properties: { mode: { oneOf: [{ type: 'null' }, { $ref: '#/definitions/Mode' }] } },
        definitions: { Mode: { type: 'string', enum: ['fast', 'slow'] } },
    });
    assert.deepEqual(
        fields?.map(({ kind, nullable, choices }) => [kind, nullable, choices]),
        [['choice', true, ['fast', 'slow']]],
    );
});
