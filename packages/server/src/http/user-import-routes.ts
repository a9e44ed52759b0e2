import { z } from 'zod';
import { type ImportReport, importUsers } from '../directory/index.ts';
import type { Ground } from '../ground.ts';
import { Refusal, refuseField } from '../refusal.ts';
import type { RouteFamily } from './http-app.ts';

const flag = z.enum(['true', 'false']).default('false');

const importQuery = z.strictObject({
  mode: z.enum(['all-or-nothing', 'skip-bad-rows']).default('all-or-nothing'),
  dryRun: flag.describe('Only show what would be done'),
  key: z
    .enum(['Username', 'FederationIdentifier', 'EmployeeNumber'])
    .default('Username')
    .describe('The column that tells which user a line means'),
  snapshot: flag.describe('The file is everybody: active users that it does not name leave'),
  snapshotToken: z.string().max(100).optional().describe('From the dry run with snapshot=true'),
  allowLeavers: z.coerce.number().int().min(0).optional().describe('So many may leave, although it is more than usual'),
});

const count = z.int();
const importOut = z
  .object({
    importId: z.uuid(),
    applied: z.boolean().describe('false after a dry run'),
    mode: z.string(),
    key: z.string(),
    rows: count,
    created: count,
    updated: count,
    unchanged: count,
    bad: count.describe('Rows that were left out'),
    deactivated: count,
    reactivated: count,
    left: count.describe('Users that are absent from the snapshot'),
    problemCount: count,
    problems: z
      .array(z.object({ line: z.int(), column: z.string().nullable(), problem: z.string(), fix: z.string() }))
      .describe('The first 10,000, by line'),
    changes: z
      .array(
        z.object({
          line: z.int(),
          Id: z.string(),
          Username: z.string(),
          outcome: z.enum(['created', 'updated']),
          fields: z.array(z.string()),
        }),
      )
      .describe('The first 1,000'),
    leavers: z
      .object({
        count: z.int(),
        activeUsers: z.int(),
        limit: z.int().describe('More than these leave only with allowLeavers'),
        snapshotToken: z.string().describe('The real run must send it'),
        users: z.array(z.object({ Id: z.string(), Username: z.string() })).describe('The first 1,000'),
      })
      .nullable(),
  })
  .meta({ id: 'ImportReport' });

const LARGEST_FILE_BYTES = 4 * 1024 ** 3;

export function userImportRoutes(ground: Ground): RouteFamily {
  return (app) => {
    app.post(
      '/users/import',
      {
        config: { scope: 'directory:write', consumes: 'text/csv' },
        bodyLimit: LARGEST_FILE_BYTES,
        schema: {
          summary: 'Import users from a CSV file',
          description:
            'UTF-8, commas, the names of fields in the first line. PermissionSets and PermissionSetGroups are names parted by semicolons; a column that is absent leaves what users have, a blank cell takes it away. The same file twice changes nothing.',
          tags: ['directory'],
          querystring: importQuery,
          response: { 200: importOut },
        },
      },
      async (request) => {
        const { mode, key, snapshotToken, allowLeavers } = request.query;
        const dryRun = request.query.dryRun === 'true';
        const snapshot = request.query.snapshot === 'true';
        if (!snapshot && (snapshotToken !== undefined || allowLeavers !== undefined)) {
          const fix = 'Send snapshot=true too, or leave it out.';
          const field = snapshotToken === undefined ? 'query.allowLeavers' : 'query.snapshotToken';
          throw refuseField('invalid_request', field, 'means nothing without snapshot=true', fix);
        }
        if (!request.body) throw new Refusal('invalid_request', 'The body is missing. Send the file as text/csv.');
        const report = await importUsers(ground, request.actor, {
          source: request.body as AsyncIterable<Uint8Array>,
          mode,
          dryRun,
          key,
          snapshot: snapshot ? { token: snapshotToken, allowLeavers } : undefined,
        });
        return describeReport(report);
      },
    );
  };
}

function describeReport(report: ImportReport): z.infer<typeof importOut> {
  const { leavers } = report;
  return {
    ...report,
    problems: [...report.problems],
    changes: report.changes.map(({ id, username, ...rest }) => ({ Id: id, Username: username, ...rest })),
    leavers: leavers && {
      ...leavers,
      users: leavers.users.map(({ id, username }) => ({ Id: id, Username: username })),
    },
  };
}
