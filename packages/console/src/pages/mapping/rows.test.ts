import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRows } from './rows.ts';

const attribute = (path: string, more: object = {}) =>
  ({
    path,
    type: 'text',
    mutability: 'readWrite',
    required: false,
    multiValued: false,
    uniqueness: 'none',
    caseExact: false,
    ...more,
  }) as never;

test('rules keep their order, and unmapped attributes that can be written follow', () => {
  const rows = buildRows({
    rules: [
      { target: 'userName', formula: 'Username' },
      { target: 'emails[type eq "work"].value', formula: 'Email' },
    ],
    attributes: [
      attribute('id', { mutability: 'readOnly' }),
      attribute('userName'),
      attribute('emails', { type: 'complex' }),
      attribute('emails.value'),
      attribute('title'),
    ],
    changed: new Set(['userName']),
    problems: [{ field: 'mapping[1].formula', problem: 'is wrong', fix: 'Mend it.' }],
    warnings: [],
  });
  assert.deepEqual(
    rows.map(({ target, changed, findings }) => [target, changed, findings.length]),
    [
      ['userName', true, 0],
      ['emails[type eq "work"].value', false, 1],
      ['title', false, 0],
    ],
  );
  assert.equal(rows[1]?.attribute?.path, 'emails.value');
});
