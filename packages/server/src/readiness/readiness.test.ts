import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPiece, failed, judgeLevels, PIECES, type PieceName, passed } from './readiness.ts';

/** The pieces, with these checks of `trial`; `red` ones are red. */
function pieces(red: PieceName[], trial: { drill: boolean; pilot: boolean }) {
  return PIECES.map((piece) => {
    if (piece !== 'trial')
      return buildPiece(piece, [red.includes(piece) ? failed('a', 'is red', 'Mend it.') : passed('a', 'is fine')]);
    const check = (name: 'drill' | 'pilot') =>
      trial[name] ? passed(name, 'is there') : failed(name, 'is missing', 'Do it.');
    return buildPiece(piece, [check('drill'), check('pilot')]);
  });
}
const open = (...given: Parameters<typeof pieces>) =>
  Object.entries(judgeLevels(pieces(...given)))
    .filter(([, level]) => level.open)
    .map(([name]) => name);

test('each level needs what the one before does', () => {
  assert.deepEqual(open([], { drill: true, pilot: true }), ['drill', 'pilot', 'promotion']);
  assert.deepEqual(open([], { drill: false, pilot: false }), ['drill']);
  assert.deepEqual(open([], { drill: false, pilot: true }), ['drill']);
  assert.deepEqual(open([], { drill: true, pilot: false }), ['drill', 'promotion']);
  for (const piece of PIECES.filter((name) => name !== 'trial')) {
    assert.deepEqual(open([piece], { drill: true, pilot: true }), [], `${piece} is red`);
  }
});

test('a blocker names its piece, what is wrong and what to do', () => {
  const { drill } = judgeLevels(pieces(['mapping'], { drill: false, pilot: false }));
  assert.deepEqual(drill.blockers, [{ piece: 'mapping', problem: 'is red', fix: 'Mend it.', place: null }]);
});
