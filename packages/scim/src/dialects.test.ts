import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAttributePath } from './attribute-path.ts';
import { buildDialect, standardDialect } from './dialect.ts';
import { dialects, findDialect } from './dialects/index.ts';
import { suggestDialects } from './suggest-dialect.ts';

describe('the dialects', () => {
  it('have each an id of their own', () => {
    assert.equal(new Set(dialects.map(({ id }) => id)).size, dialects.length);
    assert.equal(findDialect('slack')?.label, 'Slack (SCIM 2.0)');
    assert.equal(findDialect('nobody'), undefined);
  });

  for (const dialect of dialects) {
    it(`of ${dialect.label} are complete, sourced and readable`, () => {
      assert.match(dialect.id, /^[a-z0-9][a-z0-9.-]*$/);
      for (const source of dialect.sources) assert.equal(new URL(source).href.length > 0, true);
      const ownSources = dialect.sources.filter((source) => !source.startsWith('https://www.rfc-editor.org/'));
      if (dialect.basis === 'assumed') assert.deepEqual(dialect.sources, [], 'what is assumed is from nowhere');
      else if (dialect.basis !== 'standard' && !dialect.notes.some((note) => note.includes('hearsay')))
        assert.ok(ownSources.length > 0, 'what is documented, reported or measured says where');
      for (const { effect, basis, source } of [dialect.deactivate, dialect.delete]) {
        assert.equal(source === undefined, basis === 'assumed', 'a known effect says from where');
        if (source !== undefined) assert.ok(dialect.sources.includes(source), `${source} is among the sources`);
        if (effect === 'unknown') assert.equal(basis, 'assumed');
      }
      for (const note of [...dialect.notes, dialect.deactivate.note, dialect.delete.note])
        assert.match(note, /^[A-Z].*\.$|^userName .*\.$/);
      const { unsupported, immutable, singleValued, maxLength } = dialect.attributes;
      for (const path of [...unsupported, ...immutable, ...singleValued, ...Object.keys(maxLength)])
        parseAttributePath(path);
      if (dialect.filter.attributes !== 'any') for (const path of dialect.filter.attributes) parseAttributePath(path);
      assert.deepEqual(Object.keys(dialect).sort(), Object.keys(standardDialect).sort());
      assert.ok(dialect.members.batchSize >= 1 && dialect.paging.pageSize >= 1);
      for (const limit of dialect.rateLimits) assert.ok(limit.requests > 0 && limit.perSeconds > 0);
      // An operation that is switched off says so, and one that is on does not claim to be refused.
      assert.equal(dialect.delete.effect === 'refused', !dialect.users.delete);
    });
  }

  it('tell where deactivating is deleting', () => {
    const deleting = dialects.filter(({ deactivate }) => deactivate.effect === 'deletes').map(({ id }) => id);
    assert.deepEqual(deleting.sort(), ['fleet', 'github-organization', 'sentry']);
  });
});

describe('buildDialect', () => {
  it('merges one level deep, ignores undefined, and changes neither argument', () => {
    const before = structuredClone(standardDialect);
    const built = buildDialect(standardDialect, {
      etag: true,
      update: undefined,
      filter: { scanLimit: 7, supported: undefined },
      notes: ['A.'],
    });
    assert.deepEqual(standardDialect, before);
    assert.deepEqual(built, { ...before, etag: true, filter: { ...before.filter, scanLimit: 7 }, notes: ['A.'] });
  });
});

describe('suggestDialects', () => {
  const table: [string, string[]][] = [
    ['https://scim.us-east-1.amazonaws.com/AbC123/scim/v2/', ['aws-iam-identity-center']],
    ['https://api.slack.com/scim/v1', ['slack-1.1']],
    ['https://api.github.com/scim/v2/organizations/acme', ['github-organization']],
    ['https://api.github.com/scim/v2/enterprises/acme/', ['github-emu']],
    ['https://acme.my.salesforce.com/services/scim/v2', ['salesforce']],
    ['https://acme.snowflakecomputing.com/scim/v2?x=https://api.slack.com/scim/v2', ['snowflake']],
    ['https://scim.example.com/v2', []],
    ['not an address', []],
  ];
  for (const [baseUrl, ids] of table) {
    it(`suggests ${ids.join() || 'nothing'} for ${baseUrl}`, () => {
      assert.deepEqual(
        suggestDialects({ baseUrl }).map(({ id }) => id),
        ids,
      );
    });
  }

  it('hears a target by its headers', () => {
    const found = suggestDialects({ baseUrl: 'https://proxy.example/', headers: { 'x-github-request-id': 'A' } });
    assert.deepEqual(found.map(({ id }) => id).sort(), ['github-emu', 'github-organization']);
  });
});
