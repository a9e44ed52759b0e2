import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MappingRule } from '../mapping/index.ts';
import type { ConfigurationDocument } from './connected-app.ts';
import { diffConfigurations } from './diff-configurations.ts';

const rule = (target: string, formula: string, more: Partial<MappingRule> = {}): MappingRule => ({
  target,
  formula,
  required: false,
  apply: 'always',
  blank: 'clear',
  ...more,
});
const BASE: ConfigurationDocument = {
  connectorOptions: { update: 'patch' },
  mapping: [rule('userName', 'Username'), rule('title', 'Title')],
  correlation: {
    matchingAttributes: ['externalId', 'userName'],
    adoption: 'link and update',
    findBeforeCreate: true,
    visibilityDelayMs: 0,
    targetEnforcesUniqueness: true,
  },
  deprovisioning: {
    'user deleted': { action: 'deactivate' },
    'user deactivated': { action: 'deactivate' },
    'assignment lost': { action: 'deactivate' },
  },
};

describe('diffConfigurations', () => {
  const CASES: [name: string, after: ConfigurationDocument, changes: object[]][] = [
    ['the same', structuredClone(BASE), []],
    ['another order of rules', { ...BASE, mapping: BASE.mapping.toReversed() }, []],
    [
      'another formula',
      { ...BASE, mapping: [rule('userName', 'LOWER(Username)'), rule('title', 'Title')] },
      [{ path: 'mapping[userName].formula', before: 'Username', after: 'LOWER(Username)' }],
    ],
    [
      'a rule gone and a rule come',
      { ...BASE, mapping: [rule('userName', 'Username'), rule('locale', 'LocaleSidKey')] },
      [
        { path: 'mapping[title]', before: rule('title', 'Title') },
        { path: 'mapping[locale]', after: rule('locale', 'LocaleSidKey') },
      ],
    ],
    [
      'another order of matching, which means something',
      { ...BASE, correlation: { ...BASE.correlation, matchingAttributes: ['userName', 'externalId'] } },
      [
        {
          path: 'correlation.matchingAttributes',
          before: ['externalId', 'userName'],
          after: ['userName', 'externalId'],
        },
      ],
    ],
    [
      'another policy',
      { ...BASE, deprovisioning: { ...BASE.deprovisioning, 'user deleted': { action: 'delete' } } },
      [{ path: 'deprovisioning.user deleted.action', before: 'deactivate', after: 'delete' }],
    ],
    ['an option taken back', { ...BASE, connectorOptions: {} }, [{ path: 'connectorOptions.update', before: 'patch' }]],
    ['what the target says of itself', { ...BASE, accountSchema: { source: 'target', attributes: [] } }, []],
  ];
  for (const [name, after, changes] of CASES) {
    it(name, () => assert.deepEqual(diffConfigurations(BASE, after), changes));
  }
});
