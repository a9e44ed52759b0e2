import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configuration, Rule } from '../../configuration/use-configuration.ts';
import { mergeDraft, takeMine } from './merge-draft.ts';

const rules = (formulas: Record<string, string>): Rule[] =>
  Object.entries(formulas).map(([target, formula]) => ({ target, formula }));
const of = (formulas: Record<string, string>, mappingTests?: Configuration['mappingTests']): Configuration => ({
  mapping: rules(formulas),
  ...(mappingTests ? { mappingTests } : {}),
});
const formulasOf = ({ mapping }: Configuration) =>
  Object.fromEntries(mapping.map(({ target, formula }) => [target, formula]));

const before = of({ userName: 'Username', title: 'Title', locale: '"en"' });

test('changes of different attributes are kept, of both people', () => {
  const { merged, conflicts } = mergeDraft(
    before,
    of({ userName: 'Username', title: 'UPPER(Title)', nickName: 'Alias' }),
    of({ userName: 'Email', title: 'Title', locale: '"en"', phone: 'Phone' }),
  );
  assert.deepEqual(conflicts, []);
  assert.deepEqual(formulasOf(merged), { userName: 'Email', title: 'UPPER(Title)', phone: 'Phone', nickName: 'Alias' });
});

test('an attribute that both changed is asked for, and theirs until somebody says otherwise', () => {
  const mine = of({ userName: 'Username', title: 'UPPER(Title)', locale: '"en"' });
  const { merged, conflicts } = mergeDraft(before, mine, of({ userName: 'Username', locale: '"de"' }));
  assert.deepEqual(
    conflicts.map(({ target, theirs }) => [target, theirs]),
    [['title', undefined]],
  );
  assert.deepEqual(formulasOf(merged), { userName: 'Username', locale: '"de"' });
  const [conflict] = conflicts;
  assert.ok(conflict);
  assert.equal(formulasOf(takeMine(merged, mine, conflict))['title'], 'UPPER(Title)');
});

test('the same change by both is none to ask for', () => {
  const same = of({ userName: 'Username', title: 'Division', locale: '"en"' });
  assert.deepEqual(mergeDraft(before, same, same), { merged: same, conflicts: [] });
});

test('tests are one list: mine, theirs, or a question', () => {
  const one = [{ name: 'one' }] as unknown as Configuration['mappingTests'];
  const two = [{ name: 'two' }] as unknown as Configuration['mappingTests'];
  const formulas = { userName: 'Username', title: 'Title', locale: '"en"' };
  assert.deepEqual(mergeDraft(before, of(formulas, one), before).merged.mappingTests, one);
  assert.deepEqual(mergeDraft(before, before, of(formulas, two)).merged.mappingTests, two);
  const { merged, conflicts } = mergeDraft(before, of(formulas, one), of(formulas, two));
  assert.deepEqual([merged.mappingTests, conflicts.length], [two, 1]);
  assert.deepEqual(takeMine(merged, of(formulas, one), conflicts[0] ?? assert.fail()).mappingTests, one);
});
