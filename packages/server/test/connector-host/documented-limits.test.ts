import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DEFAULT_CHILD_LIMITS } from '../../src/connector-host/index.ts';

test('docs/write-a-connector.md states the limits that hold', () => {
  const page = readFileSync(new URL('../../../../docs/write-a-connector.md', import.meta.url), 'utf8');
  const limits = DEFAULT_CHILD_LIMITS;
  const stated = [
    `${limits.heapMiB} MiB of heap and ${limits.rssMiB} MiB in all`,
    `${limits.operationMs / 1000} seconds of its own time an operation`,
    `${limits.unresponsiveMs / 1000} seconds without a`,
    `${limits.requestsPerOperation.toLocaleString('en-US')} requests an operation, ${limits.requestsAtOnce} at once`,
    `${limits.maxMessageChars / 1024 / 1024} MiB a message`,
    `${limits.logLinesPerSecond} lines a second pass`,
  ];
  for (const text of stated) assert.ok(page.includes(text), text);
});
