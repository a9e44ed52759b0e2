import { z } from 'zod';
import type { ConnectedApp } from '../apps/index.ts';
import {
  COMMANDS,
  type DescribedRollout,
  describeStage,
  GATES,
  judgeProof,
  PHASES,
  PROOF_STATES,
  type ProofRow,
  ROLLBACK_STATES,
  ROLLOUT_STATES,
  type Rollback,
  type Rollout,
  STAGE_KINDS,
  USER_WORK,
  WAITS,
} from '../rollout/index.ts';
import { appParams } from './app-schemas.ts';
import { instant, toWire } from './provisioning-schemas.ts';

/** Shapes of rollouts and of ways back. */

export const ROLLOUT_TAGS = ['rollouts'];

const id = z.coerce.number().int().positive().max(2_000_000_000);
export const rolloutParams = appParams.extend({ rollout: id });
export const rollbackParams = appParams.extend({ rollback: id });
export const reasonText = z.string().trim().min(1).max(2000);

const settingsShape = {
  soakHours: z.number().min(0).max(8760).describe('How long each stage is watched before the next may begin'),
  failureLimit: z
    .strictObject({ count: z.int().min(0).max(1_000_000), percent: z.number().min(0).max(100) })
    .describe('More failures in a stage than both halt it; more than the share alone keep the next stage closed'),
  onFailure: z.enum(['halt', 'roll back']).describe('What happens by itself when the limit is passed'),
};

const names = z.array(z.string().trim().min(1).max(200)).max(5000).default([]);
export const draftBody = z.strictObject({
  version: z.int().positive().max(1_000_000_000).describe('A saved configuration version'),
  pilot: z.strictObject({
    users: names.describe('Ids or Usernames'),
    profiles: names,
    permissionSets: names.describe('Also of those who hold them through a permission set group'),
  }),
  percentages: z
    .array(z.number().gt(0).lt(100))
    .max(20)
    .default([10, 50])
    .describe('Rising shares of everyone between the pilot and everyone; may be none'),
  settings: z.strictObject(settingsShape).partial().optional().describe('Absent: 48 hours, 3 and 5 %, halt'),
  note: z.string().trim().max(2000).nullable().default(null),
});

const count = z.number();
const workSchema = z
  .object({
    reached: count,
    done: count.describe('Worked, and in order'),
    pending: count.describe('On their way'),
    retrying: count.describe('Failed, and tried again'),
    failed: count.describe('Needs a person, through this version; also what failed three times and is tried again'),
    held: count.describe('Stopped by a guard'),
    waiting: count.describe('Nothing is sent on purpose: a trigger, a policy, no grant'),
    failedBefore: count.describe('Parked before this version came, and still for the same reason'),
  })
  .describe('Each user of the stage once');

const stageSchema = z.object({
  ordinal: z.number(),
  name: z.string().describe('the pilot, 10 %, everyone'),
  kind: z.enum(STAGE_KINDS),
  percent: z.number().nullable(),
  startedAt: instant.nullable().describe('Null: not begun'),
  startedBy: z.string().nullable(),
  reached: z.number().describe('How many it brought in when it began'),
  soakedMs: z.number().describe('How long it was watched'),
  overrideReason: z.string().nullable().describe('Why a closed gate was passed on the way into it'),
  overridden: z.array(z.string()).describe('What the closed gates said'),
});

const summaryShape = {
  id: z.number(),
  app: z.string(),
  version: z.number(),
  baseVersion: z.number().nullable().describe('What serves those whom it has not reached; null: they wait'),
  state: z.enum(ROLLOUT_STATES),
  stage: z.number().describe('Ordinal of the stage that it is in; -1: not begun'),
  settings: z.object(settingsShape).nullable().describe('Null: it reached everyone at once'),
  withoutRollout: z.string().nullable().describe('Why it reached everyone at once'),
  halt: z
    .object({
      why: z.string(),
      at: instant,
      by: z.string(),
      failed: z.number().optional(),
      worked: z.number().optional(),
    })
    .nullable()
    .describe('Why it stands still'),
  note: z.string().nullable(),
  revision: z.number().describe('The ETag, without its quotes'),
  createdAt: instant,
  createdBy: z.string(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  changedAt: instant.describe('The last command'),
  changedBy: z.string(),
  changedHow: z.string(),
};
export const rolloutSummarySchema = z
  .object({ ...summaryShape, stages: z.array(stageSchema) })
  .meta({ id: 'RolloutSummary' });

const rollbackShape = {
  id: z.number(),
  rollout: z.number(),
  app: z.string(),
  fromStage: z.number().describe('Users of this stage and those after it went back; 0: everybody'),
  fromVersion: z.number(),
  toVersion: z.number().nullable().describe('Null: nobody was served before'),
  state: z.enum(ROLLBACK_STATES).describe('healing: accounts are written back; done: each was read at the target'),
  at: instant,
  by: z.string(),
  reason: z.string(),
  marked: z.number().describe('How many accounts go back'),
  counts: z.partialRecord(z.enum(PROOF_STATES), z.number()),
  isProved: z.boolean().describe('Each account was read at the target, and is what the version before says'),
  sentence: z.string(),
  finishedAt: instant.nullable(),
};
export const rollbackSchema = z.object(rollbackShape).meta({ id: 'Rollback' });
export const proofSchema = z
  .object({
    userId: z.string(),
    username: z.string(),
    state: z.enum(PROOF_STATES),
    differences: z
      .array(z.object({ path: z.string(), expected: z.json(), found: z.json() }))
      .nullable()
      .describe('What the account has otherwise than the version before says'),
    detail: z.string().nullable(),
    readAt: instant.nullable(),
  })
  .meta({ id: 'RollbackProof' });

export const rolloutSchema = z
  .object({
    ...summaryShape,
    sentence: z.string(),
    phase: z
      .enum(PHASES)
      .describe('working: users are on their way; soaking: all are worked, and the time is not over; blocked: a gate'),
    pilot: z.object({
      users: z.array(z.object({ id: z.string(), name: z.string() })),
      profiles: z.array(z.object({ id: z.number(), name: z.string() })),
      permissionSets: z.array(z.object({ id: z.number(), name: z.string() })),
    }),
    stages: z.array(
      stageSchema.extend({
        work: workSchema,
        soakLeftMs: z.number().nullable().describe('How long it is still to be watched; null: it is not watched'),
        latency: z
          .object({ calls: z.number(), p50Ms: z.number().nullable(), p95Ms: z.number().nullable() })
          .describe('Of the target’s latest answers'),
        changedAttributes: z
          .array(z.object({ path: z.string(), count: z.number() }))
          .describe('How many accounts got another value, by attribute'),
      }),
    ),
    gates: z
      .array(
        z.object({
          gate: z.enum(GATES),
          open: z.boolean(),
          message: z.string(),
          fix: z.string().nullable().describe('What opens it'),
        }),
      )
      .describe('Before the next stage, or the start, or the end; none of one that is over'),
    readinessCheckedAt: instant.nullable().describe('When the pieces were looked at for the gate; commands look anew'),
    commands: z
      .array(
        z.object({
          command: z.enum(COMMANDS),
          possible: z.boolean(),
          why: z.string().nullable().describe('Why not'),
          fix: z.string().nullable(),
          leadsTo: z.string().nullable().describe('In words: the 10 % stage, version 3 for all'),
          needs: z.array(z.enum(['reason', 'override'])).describe('What is to be given with it now'),
        }),
      )
      .describe('What may be done now'),
    rollback: rollbackSchema.nullable().describe('The latest way back'),
  })
  .meta({ id: 'Rollout' });

export const openRolloutSchema = z
  .object({
    id: z.number(),
    app: z.string(),
    label: z.string().describe('Of the app, for people'),
    version: z.number(),
    state: z.enum(ROLLOUT_STATES),
    stage: z.string().describe('The stage that it is in: the pilot, 10 %, everyone'),
    nextStage: z.string().nullable().describe('Null: it is in the last one'),
    waits: z
      .enum(WAITS)
      .describe(
        'soaking: time; approval: somebody to let it go on; gate: it was watched long enough, and a gate is closed',
      ),
    since: instant.describe('When the stage began, when it was ready, or when it came to stand still'),
    soakLeftMs: z.number().nullable().describe('How long the stage is still to be watched; null: it stands still'),
    sentence: z.string(),
    nextStep: z.string().nullable(),
  })
  .meta({ id: 'OpenRollout' });

export const stageOutlookSchema = z.object({
  ordinal: z.number(),
  name: z.string(),
  kind: z.enum(STAGE_KINDS),
  percent: z.number().nullable(),
  hasBegun: z.boolean(),
  reached: z.number().describe('How many it brought in when it began'),
  newcomers: z
    .number()
    .describe('How many it would bring in now; of a stage that has begun, those whose turn comes yet'),
});

export const reachedUserSchema = z.object({
  userId: z.string(),
  username: z.string(),
  stage: z.number(),
  work: z.enum(USER_WORK),
  because: z.string().describe('user, profile 3, permission set 12, bucket 734, everyone, taken over 4'),
  at: instant,
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  nextStep: z.string().nullable(),
});

export const placeSchema = z
  .object({
    rollout: z.number(),
    userId: z.string(),
    stage: z.number().nullable().describe('The stage that reached the user; null: none has'),
    version: z.number().nullable().describe('Which version serves the user; null: none does yet'),
    since: instant.nullable(),
    sentence: z.string(),
    bucket: z.number().describe('Of 10,000: the first share above it brings the user in'),
    nextStage: z.number().nullable().describe('The stage that will reach them, unless one has'),
  })
  .meta({ id: 'RolloutPlace' });

export function writeSummary(app: ConnectedApp, rollout: Rollout): z.output<typeof rolloutSummarySchema> {
  const { stages, ...rest } = writeCore(app, rollout);
  return toWire({ ...rest, stages: stages.map(writeStage) }) as never;
}

function writeCore(app: ConnectedApp, rollout: Rollout) {
  const { appId: _app, addedPaths: _paths, settings, ...rest } = rollout;
  // The version before is noted at the start; until then it is the one in force.
  const baseVersion = rollout.state === 'planned' ? app.activeVersion : rollout.baseVersion;
  return { ...rest, baseVersion, app: app.name, settings: rollout.withoutRollout === null ? settings : null };
}

function writeStage(stage: Rollout['stages'][number]) {
  const { seenAgoMs: _at, seenBy: _by, ...rest } = stage;
  return { ...rest, name: describeStage(stage) };
}

export function writeRollout(app: ConnectedApp, described: DescribedRollout): z.output<typeof rolloutSchema> {
  const { rollout, rollback, stages, ...rest } = described;
  return toWire({
    ...writeCore(app, rollout),
    ...rest,
    stages: stages.map(({ seenAgoMs: _at, seenBy: _by, ...stage }) => stage),
    rollback: rollback && writeRollback(app, rollback),
  }) as never;
}

export function writeRollback(app: ConnectedApp, rollback: Rollback): z.output<typeof rollbackSchema> {
  const { rolloutId, appId: _app, ...rest } = rollback;
  const { counts } = rollback;
  return toWire({ ...rest, app: app.name, rollout: rolloutId, ...judgeProof(rollback), counts }) as never;
}

export function writeProof(proof: ProofRow): z.output<typeof proofSchema> {
  return toWire(proof) as never;
}
