import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  applyDayStep,
  buildDayOfLife,
  buildSampleOrg,
  collaborationAccess,
  type DayStepName,
  listHolders,
  type SampleOrg,
} from '../src/index.ts';

const morning = buildSampleOrg();
const day = buildDayOfLife(morning);

/** Who holds the demo's app before and after each step. */
const steps = new Map<DayStepName, { before: SampleOrg; after: SampleOrg; gained: number; lost: number }>();
let org = morning;
for (const step of day) {
  const before = org;
  org = applyDayStep(before, step);
  const [had, has] = [before, org].map(
    (one) =>
      new Set(
        listHolders(one, collaborationAccess).map(
          ({ EmployeeNumber, Alias, FederationIdentifier }) => `${EmployeeNumber} ${Alias} ${FederationIdentifier}`,
        ),
      ),
  );
  const gained = [...(has ?? [])].filter((key) => !had?.has(key)).length;
  const lost = [...(had ?? [])].filter((key) => !has?.has(key)).length;
  steps.set(step.name, { before, after: org, gained, lost });
}

const getStep = (name: DayStepName) => steps.get(name) ?? assert.fail(`there is no step ${name}`);
const getChanges = (name: DayStepName) => day.find((step) => step.name === name)?.changes ?? [];
const countActive = (one: SampleOrg) => one.users.filter(({ IsActive }) => IsActive).length;

describe('a day in the sample org', () => {
  it('is the same every time, and leaves the org it is made from alone', () => {
    assert.deepEqual(buildDayOfLife(buildSampleOrg()), day);
    assert.deepEqual(morning, buildSampleOrg());
  });

  it('has 12 hires, managers first', () => {
    const { before, after, gained } = getStep('hires');
    assert.deepEqual([after.users.length - before.users.length, gained], [12, 12]);
    const known = new Set(before.users.map(({ Username }) => Username));
    for (const change of getChanges('hires')) {
      assert.ok(change.kind === 'create');
      assert.ok(known.has(change.user.Manager), change.user.Username);
      assert.ok(!known.has(change.user.Username), change.user.Username);
      known.add(change.user.Username);
    }
  });

  it('moves 40 people, and none of them loses the app', () => {
    const moved = new Set(getChanges('moves').map((change) => ('username' in change ? change.username : '')));
    assert.equal(moved.size, 40);
    const { before, after, gained, lost } = getStep('moves');
    assert.deepEqual([gained, lost], [0, 0]);
    const changed = after.users.filter((user, index) => JSON.stringify(user) !== JSON.stringify(before.users[index]));
    assert.equal(changed.length, 40);
    assert.ok(getChanges('moves').some(({ kind }) => kind === 'grants'));
  });

  it('marries somebody with reports, who goes on leading them', () => {
    const [change] = getChanges('marriage');
    assert.ok(change?.kind === 'update');
    const reports = (one: SampleOrg, manager: string) => one.users.filter(({ Manager }) => Manager === manager).length;
    const { before, after } = getStep('marriage');
    assert.ok(reports(before, change.username) > 3);
    assert.equal(reports(after, change.fields.Username ?? ''), reports(before, change.username));
    assert.equal(reports(after, change.username), 0);
    assert.deepEqual(Object.keys(change.fields).sort(), ['Email', 'LastName', 'Username']);
  });

  it('gives hundreds the app by one change of a group', () => {
    assert.equal(getChanges('toolkit').length, 1);
    const { gained, lost } = getStep('toolkit');
    assert.ok(gained > 200, String(gained));
    assert.equal(lost, 0);
  });

  it('withdraws the app from 3 people who stay', () => {
    const { before, after, lost } = getStep('withdrawals');
    assert.deepEqual([lost, countActive(before) - countActive(after)], [3, 0]);
  });

  it('has 8 leavers of different departments, whose reports are handed over first', () => {
    const { before, after, lost } = getStep('leavers');
    assert.deepEqual([lost, countActive(before) - countActive(after)], [8, 8]);
    const left = after.users.filter((user, index) => !user.IsActive && before.users[index]?.IsActive);
    assert.ok(new Set(left.map(({ Department }) => Department)).size >= 7);
    const names = new Set(left.map(({ Username }) => Username));
    assert.equal(after.users.filter(({ Manager }) => names.has(Manager)).length, 0);
  });

  it('brings back one leaver of the day and one of long ago', () => {
    const { before, after, gained } = getStep('returns');
    assert.equal(gained, 2);
    const inMorning = new Map(morning.users.map(({ Username, IsActive }) => [Username, IsActive]));
    const returned = after.users.filter((user, index) => user.IsActive && !before.users[index]?.IsActive);
    assert.deepEqual(returned.map(({ Username }) => inMorning.get(Username)).sort(), [false, true]);
  });

  it('ends with an org whose names are unique and whose managers exist', () => {
    const names = new Set(org.users.map(({ Username }) => Username));
    assert.equal(names.size, org.users.length);
    for (const { Manager } of org.users) assert.ok(Manager === '' || names.has(Manager), Manager);
  });
});
