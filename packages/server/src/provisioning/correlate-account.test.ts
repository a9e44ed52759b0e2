import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection, TargetAccount } from '@usher/connector-sdk';
import { correlate } from './correlate-account.ts';
import type { Target } from './work.ts';

const account = (remoteId: string): TargetAccount => ({ remoteId, active: true, representation: {} });

for (const [name, found, kind] of [
  ['nothing', [], 'none'],
  ['one account', ['1'], 'account'],
  ['one account twice, as pages that overlap do', ['1', '1'], 'account'],
  ['two accounts', ['1', '2'], 'ambiguous'],
] as const) {
  test(`a search that names ${name}: ${kind}`, async () => {
    const accounts = { find: async () => ({ accounts: found.map(account) }) };
    const target = {
      connection: { accounts } as unknown as Connection,
      correlation: { matchingAttributes: ['userName'] },
      ownersOf: async () => new Map(),
    } as unknown as Target;
    assert.equal((await correlate(target, { userName: 'ada' })).kind, kind);
  });
}
