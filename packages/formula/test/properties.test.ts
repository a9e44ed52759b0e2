import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allFunctions } from '../src/functions/table.ts';
import type { Node } from '../src/index.ts';
import { compile, parse, print } from '../src/index.ts';
import { context, record, schema, tables } from './sample.ts';

/** A tree without its places, which printing does not keep. */
function withoutPlaces(node: Node): unknown {
  return JSON.parse(JSON.stringify(node, (key, value) => (key === 'start' || key === 'end' ? undefined : value)));
}

const paths = schema.fields().map((field) => field.path);
const place = { start: 0, end: 0 };

const literals: fc.Arbitrary<Node> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((value): Node => ({ kind: 'text', value, ...place })),
  fc
    .oneof(
      fc.nat(1000),
      fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => Math.abs(Number(value.toPrecision(12)))),
    )
    .map((value): Node => ({ kind: 'number', value, ...place })),
  fc.boolean().map((value): Node => ({ kind: 'boolean', value, ...place })),
  fc.constant<Node>({ kind: 'null', ...place }),
  fc.constantFrom(...paths).map((name): Node => ({ kind: 'field', name, ...place })),
);

const operators = ['+', '-', '*', '/', '^', '&', '=', '<>', '<', '<=', '>', '>=', '&&', '||'] as const;

/** Any tree at all, well-typed or not. */
const trees: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'medium', maxDepth: 5 },
    literals,
    fc
      .record({ operator: fc.constantFrom(...operators), left: tie('node'), right: tie('node') })
      .map((parts): Node => ({ kind: 'binary', ...parts, ...place })),
    fc
      .record({ operator: fc.constantFrom('-' as const, '+' as const, '!' as const), operand: tie('node') })
      .map((parts): Node => ({ kind: 'unary', ...parts, ...place })),
    fc
      .record({
        name: fc.constantFrom(...allFunctions.map((entry) => entry.name)),
        arguments: fc.array(tie('node'), { maxLength: 4 }),
      })
      .map((parts): Node => ({ kind: 'call', ...parts, ...place })),
  ),
})).node;

/** Raw values that a record may hold, right and wrong. */
const rawValues = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    '',
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    '2024-02-29',
    '2024-02-29T10:00:00Z',
    '10:00',
  ),
  fc.string(),
  fc.double(),
  fc.date({ noInvalidDate: false }),
  fc.array(fc.string()),
  fc.bigInt(),
  fc.object(),
);

const unlimited = { sourceLength: 1_000_000, depth: 250, nodes: 4000 };

describe('properties', () => {
  it('parsing what was printed gives the same tree', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const parsed = parse(print(tree), unlimited);
        assert.ok(parsed.ok, print(tree));
        assert.deepEqual(withoutPlaces(parsed.ast), withoutPlaces(tree));
      }),
      { numRuns: 1500 },
    );
  });

  it('printing is stable, and a part of the source stands at its place', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const source = print(tree);
        const parsed = parse(source, unlimited);
        assert.ok(parsed.ok);
        assert.equal(print(parsed.ast), source);
        assert.equal(
          print((parse(source.slice(parsed.ast.start, parsed.ast.end), unlimited) as { ast: Node }).ast),
          source,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('no source makes compile throw, and errors lie inside the source', () => {
    const words = fc.constantFrom(
      '"',
      "'",
      '(',
      ')',
      ',',
      '&',
      '||',
      '^',
      '*',
      '/*',
      '*/',
      '\\',
      'LEFT',
      'T',
      'N',
      'IF',
      '1',
      '.',
      ' ',
      'NOT',
    );
    const sources = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 40 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(sources, (source) => {
        const compiled = compile(source, schema, 'any', { tables });
        if (compiled.ok) return;
        assert.ok(compiled.errors.length > 0);
        for (const { start, end, message } of compiled.errors) {
          assert.ok(start >= 0 && start <= end && end <= source.length && message.length > 0);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('evaluate throws nothing, gives the announced type and the same value again', () => {
    let evaluated = 0;
    const records = fc.record(
      Object.fromEntries(
        paths.map((path) => [
          path,
          fc.oneof({ weight: 3, arbitrary: fc.constant(record[path]) }, { weight: 1, arbitrary: rawValues }),
        ]),
      ),
    );
    fc.assert(
      fc.property(fc.array(trees, { minLength: 8, maxLength: 8 }), records, (candidates, values) => {
        for (const tree of candidates) {
          const compiled = compile(print(tree), schema, 'any', { tables, limits: unlimited });
          if (!compiled.ok) continue;
          evaluated += 1;
          const result = compiled.evaluate(values, context);
          assert.deepEqual(compiled.evaluate(values, context), result);
          if (result.ok) assertType(compiled.type, result.value);
          else assert.ok(result.error.message.length > 0 && result.error.end <= compiled.source.length);
        }
      }),
      { numRuns: 600 },
    );
    assert.ok(evaluated > 500, `only ${evaluated} formulas compiled`);
  });

  it('the fields that are named are the fields that are read', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const compiled = compile(print(tree), schema, 'any', { tables, limits: unlimited });
        if (!compiled.ok) return;
        const read = new Set<string>();
        const spy = new Proxy(record, {
          get: (target, path) => {
            read.add(String(path));
            return target[String(path)];
          },
        });
        compiled.evaluate(spy, context);
        for (const path of read) assert.ok(compiled.fields.includes(path), path);
      }),
      { numRuns: 800 },
    );
  });
});

function assertType(type: string, value: unknown): void {
  if (value === null) return;
  const patterns: Record<string, RegExp> = {
    date: /^\d{4}-\d\d-\d\d$/,
    dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    time: /^\d\d:\d\d:\d\d\.\d{3}$/,
  };
  const pattern = patterns[type];
  if (pattern) assert.match(value as string, pattern);
  else if (type === 'textList')
    assert.ok(
      Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string' && entry !== ''),
    );
  else if (type === 'number') assert.ok(typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0));
  else assert.equal(typeof value, type === 'text' ? 'string' : 'boolean');
  assert.notEqual(value, '');
}
