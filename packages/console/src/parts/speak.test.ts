import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOf, speak, speakPrefixed, textOf } from './speak.ts';

test('fields are called as the pages call them, with their number', () => {
  for (const [field, name] of [
    ['baseUrl', 'Address'],
    ['body.baseUrl', 'Address'],
    ['mapping[3].formula', 'Formula of rule 4'],
    ['correlation.matchingAttributes[0]', 'Matching attribute 1'],
    ['readiness.trial', 'Start'],
    ['gates.soak', 'Time'],
    ['constructor', undefined],
  ] as const) {
    assert.equal(nameOf(field), name, field);
  }
});

test('a refusal is said once, in the words of the console', () => {
  for (const [what, message, fields, said] of [
    [
      'a message that only repeats its field',
      'baseUrl: is not a URL',
      [{ field: 'baseUrl', problem: 'is not a URL', fix: 'Give one.' }],
      'Address is not a URL. Give one.',
    ],
    [
      'what an address names',
      'There is no user "x".',
      [
        {
          ...{ field: 'path.user', problem: 'is nobody', place: 'users' as const },
          fix: 'GET /api/v1/users finds users.',
        },
      ],
      'There is no user "x". Find the user anew.',
    ],
    [
      'a fix for callers of the API that stands in the message too',
      'Wiki is a draft. POST /api/v1/apps/Wiki/rollouts.',
      [
        {
          ...{ field: 'withoutRollout', problem: 'it reaches everyone', place: 'pilot' as const },
          fix: 'POST /api/v1/apps/Wiki/rollouts.',
        },
      ],
      'Wiki is a draft. Everyone at once: it reaches everyone. Name a few people who will tell you when something is wrong.',
    ],
    [
      'a problem that names its field itself',
      'The private key is encrypted.',
      [{ field: 'privateKey', problem: 'The private key is encrypted.', fix: 'Take it off.' }],
      'The private key is encrypted. Take it off.',
    ],
    [
      'a field of a user',
      'Email is missing',
      [{ field: 'Email', problem: 'is missing', fix: 'Give it.' }],
      'Email is missing. Give it.',
    ],
  ] as const) {
    assert.equal(textOf(speak({ code: 'invalid_value', message, fields: [...fields] })), said, what);
  }
});

test('what the console sends by itself, and what a role lacks, is said without headers and scopes', () => {
  const field = { field: 'header.if-match', problem: 'does not name "5"', fix: 'Read the record again.' };
  const changed = speak({ code: 'precondition_failed', message: 'Its ETag is "5" now.', fields: [field] });
  assert.match(textOf(changed), /^Somebody changed it meanwhile/);
  const message = 'Olga lacks the scope apps:write. Ask an administrator for another role.';
  assert.match(textOf(speak({ code: 'forbidden', message, fields: [] })), /Change apps and their configuration/);
});

test('what a sentence begins with is called by its name', () => {
  for (const [text, said] of [
    ['mapping[0].formula: Nme is not a field', 'Formula of rule 1: Nme is not a field'],
    ['trial: No drill; credential: It has ended', 'Start: No drill; Credential: It has ended'],
    ['The target says: no', 'The target says: no'],
    ['All is well', 'All is well'],
  ] as const) {
    assert.equal(speakPrefixed(text), said);
  }
});
