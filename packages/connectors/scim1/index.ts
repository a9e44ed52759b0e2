import type { Connector } from '@usher/connector-sdk';
import { dialects as all } from '@usher/scim';
import { connectScim } from '../scim/scim-connection.ts';
import { buildOptionsSchema, type ScimOptions } from '../scim/scim-options.ts';

const dialects = all.filter(({ scimVersion }) => scimVersion === '1.1');

/** Targets that speak SCIM 1.1. Mappings written for SCIM 2.0 work: the enterprise attributes are translated. */
export const scim1: Connector<ScimOptions> = {
  id: 'scim1',
  version: '1.0.0',
  label: 'SCIM 1.1',
  description: 'Any target that speaks SCIM 1.1, the older version of the standard.',
  optionsSchema: buildOptionsSchema(dialects),
  credentialKinds: ['bearer', 'basic', 'header', 'oauth', 'none'],
  connect: (context) => connectScim(context, dialects),
};
