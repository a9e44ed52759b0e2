import { benchFormula } from '../packages/formula/bench.ts';
import { CONFIGURATION_INPUT, findAppById } from '../packages/server/src/apps/index.ts';
import { createPlan, getPlan, PlanRunner } from '../packages/server/src/plans/index.ts';
import type { Figure } from './figure.ts';
import { type Bench, MAPPING } from './ground.ts';
import type { BenchTarget } from './target.ts';

const ACTOR = { kind: 'system', name: 'bench' } as const;

/** The language itself: against closures by hand, the cost of compiling, and a mapping over many users. */
export async function benchLanguage(users: number): Promise<Figure[]> {
  const measured = await benchFormula();
  const find = (name: string) => {
    const found = measured.find((figure) => figure.name.startsWith(name));
    if (!found) throw new Error(`The bench of formulas measures no "${name}"`);
    return found.value;
  };
  return [
    { name: 'evaluate, times a closure by hand', value: find('evaluate, against'), unit: 'times', goal: '<= 3' },
    { name: 'compile a formula', value: find('compile'), unit: 'µs', goal: '< 100' },
    {
      name: `map ${users} users, 12 attributes`,
      value: (find('map a user') * users) / 1e6,
      unit: 's',
      goal: '< 10 for 1,000,000',
    },
  ];
}

/**
 * A plan of so many users with before and after: everybody has an account, and the new configuration changes one
 * attribute of all, so that there is a row for each.
 */
export async function benchPlan(bench: Bench, target: BenchTarget, users: number): Promise<Figure[]> {
  const { ground } = bench;
  await bench.addUsers(users);
  const appId = await bench.addApp('plan', target.url);
  await pretendConverged(bench, appId);
  const app = await findAppById(ground.pool, appId);
  if (!app) throw new Error('The app of the bench is gone');
  const mapping = MAPPING.map((rule) => (rule.target === 'title' ? { ...rule, formula: 'UPPER(Title)' } : rule));
  const configuration = CONFIGURATION_INPUT.parse({ mapping });
  const runner = new PlanRunner(ground);
  // Highest in each half of the way: what grows with the users is more in the second.
  const peaks = [0, 0];
  let isSecondHalf = false;
  const watch = setInterval(() => {
    const half = isSecondHalf ? 1 : 0;
    peaks[half] = Math.max(peaks[half] ?? 0, process.memoryUsage().rss);
  }, 10);
  const startedMs = performance.now();
  const { id } = await createPlan(ground, ACTOR, app.name, { configuration });
  runner.start();
  let plan = await getPlan(ground, app, id);
  while (plan.state === 'waiting' || plan.state === 'running') {
    await ground.clock.sleep(20);
    plan = await getPlan(ground, app, id);
    isSecondHalf = plan.done * 2 > users;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  clearInterval(watch);
  await runner.stop();
  if (plan.state !== 'ready' || plan.counts.byOperation.update !== users) {
    throw new Error(`The plan is ${plan.state} with ${JSON.stringify(plan.counts)}: ${plan.problem}`);
  }
  const [first = 0, second = 0] = peaks.map((bytes) => bytes / 2 ** 20);
  return [
    { name: `plan of ${users} users, before and after`, value: seconds, unit: 's', goal: '< 10 for 100,000' },
    { name: 'memory of that plan', value: Math.max(first, second), unit: 'MiB' },
    { name: 'memory growth in its second half', value: Math.max(0, second - first), unit: 'MiB', goal: '< 32' },
  ];
}

/** Accounts as a first run would have left them, without the hour that the target would take. */
async function pretendConverged({ ground: { pool } }: Bench, appId: number): Promise<void> {
  await pool.query(
    `insert into account_link (app_id, user_id, remote_id, account_state, version, applied, standing, linked_at, updated_at)
     select $1, u.id, u.id::text, 'active', 1, json_build_object('active', true, 'externalId', u.id, 'userName', u.username,
         'displayName', (u.fields ->> 'FirstName') || ' ' || (u.fields ->> 'LastName'),
         'name.givenName', u.fields ->> 'FirstName', 'name.familyName', u.fields ->> 'LastName',
         'emails[type eq "work"].value', u.fields ->> 'Email', 'phoneNumbers[type eq "work"].value', u.fields ->> 'Phone',
         'title', u.fields ->> 'Title', 'timezone', u.fields ->> 'TimeZoneSidKey',
         $2 || 'employeeNumber', u.fields ->> 'EmployeeNumber', $2 || 'organization', u.fields ->> 'CompanyName',
         $2 || 'division', u.fields ->> 'Division', $2 || 'department', u.fields ->> 'Department'),
       'settled', now(), now()
     from directory_user u`,
    [appId, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:'],
  );
  await pool.query('update link_schedule set done_rev = wanted_rev, next_due_at = null where app_id = $1', [appId]);
  await pool.query('analyze account_link, link_schedule');
}
