import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEvents } from './event-stream.ts';

test('events are cut where they end, and the rest waits for its end', () => {
  const text = 'retry: 2000\nid: 5-1\n\nid: 6-1\nevent: log\ndata: {"a":1}\n\nid: 7-1\nevent: log\nda';
  const { events, rest } = parseEvents(text);
  assert.deepEqual(events, [
    { id: '5-1', event: 'message', data: '' },
    { id: '6-1', event: 'log', data: '{"a":1}' },
  ]);
  assert.equal(rest, 'id: 7-1\nevent: log\nda');
  assert.deepEqual(parseEvents(`${rest}ta: x\n\n`).events, [{ id: '7-1', event: 'log', data: 'x' }]);
});

test('lines of data are joined, and comments say nothing', () => {
  assert.deepEqual(parseEvents(': still here\ndata: one\ndata: two\n\n').events, [
    { id: '', event: 'message', data: 'one\ntwo' },
  ]);
});
