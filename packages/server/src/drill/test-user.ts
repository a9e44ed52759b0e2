import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import { lockTestUser, setTestMark, type TestUser } from './sql/test-users.ts';

/**
 * Marks a user as a test user, or takes the mark away. Refused for somebody who has an account anywhere: accounts of test
 * users are taken away for trial.
 */
export async function markTestUser(ground: Ground, actor: Actor, userId: string, isTest: boolean): Promise<TestUser> {
  return inTransaction(ground.pool, async (db) => {
    const user = await lockTestUser(db, userId);
    if (!user) throw new Refusal('not_found', `There is no user ${userId}.`);
    const { accounts, ...shown } = user;
    if (user.isTest === isTest) return shown;
    if (isTest && accounts.length > 0) {
      const problem = `has an account at ${accounts.slice(0, 5).join(', ')}, and accounts of test users are taken away for trial`;
      const fix = 'Make a user for tests who is nobody, such as drill.test@example.com.';
      throw new Refusal('conflict', `${user.username} ${problem}. ${fix}`, [{ field: 'isTest', problem, fix }]);
    }
    const now = ground.clock.now();
    await setTestMark(db, userId, isTest, now);
    await writeAudit(db, now, actor, [
      {
        ...{ action: 'user.test_marked', entityKind: 'user', entityId: userId, userId },
        ...{ before: { isTest: user.isTest }, after: { isTest } },
      },
    ]);
    return { ...shown, isTest };
  });
}
