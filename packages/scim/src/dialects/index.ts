import { type Dialect, standardDialect, standardDialect1 } from '../dialect.ts';
import { atlassian } from './atlassian.ts';
import { awsIamIdentityCenter } from './aws-iam-identity-center.ts';
import { databricks } from './databricks.ts';
import { figma } from './figma.ts';
import { githubEnterpriseManagedUsers, githubOrganization } from './github.ts';
import { gitlab } from './gitlab.ts';
import { miro } from './miro.ts';
import { otherTargets } from './other-targets.ts';
import { salesforce } from './salesforce.ts';
import { sentry } from './sentry.ts';
import { betterAuth, entraShaped, oktaShaped, polis, scimmy } from './shaped.ts';
import { slack, slack1 } from './slack.ts';
import { snowflake } from './snowflake.ts';
import { zoom } from './zoom.ts';

/** Every dialect that the library knows, the standards first, then by label. */
export const dialects: readonly Dialect[] = [
  standardDialect,
  standardDialect1,
  ...[
    atlassian,
    awsIamIdentityCenter,
    betterAuth,
    databricks,
    entraShaped,
    figma,
    githubEnterpriseManagedUsers,
    githubOrganization,
    gitlab,
    miro,
    oktaShaped,
    polis,
    salesforce,
    scimmy,
    sentry,
    slack,
    slack1,
    snowflake,
    zoom,
    ...otherTargets,
  ].sort((a, b) => (a.label.toLowerCase() < b.label.toLowerCase() ? -1 : 1)),
];

/** The dialect of this id, if there is one. */
export function findDialect(id: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.id === id);
}
