import { ConnectorError } from '@usher/connector-sdk';
import type { AppRuntime } from '../apps/index.ts';
import type { Clock } from '../clock.ts';
import type { Pool } from '../db/pool.ts';
import type { AttributeEvaluation } from '../mapping/index.ts';
import type { Change, Plan, Reason } from '../planning/index.ts';
import { createPreviewTransport, type DescribedRequest, type Exchange, PreviewStop } from '../transport/index.ts';
import { performWork, type Target } from './perform-operation.ts';
import { planLoaded } from './plan-claimed.ts';
import { findOwners } from './sql/link-lookups.ts';
import { type LoadedLink, loadLinks } from './sql/load-links.ts';

export type PreviewOperation = 'create' | 'update' | 'deactivate' | 'reactivate';

export interface Preview {
  /** What would happen: an operation, or why nothing is sent. */
  plan: Plan['kind'];
  operation: Change['operation'] | null;
  reason: Reason | null;
  changes: Change['changes'];
  /** The write exactly as it would be sent, the credential redacted. */
  request: DescribedRequest | null;
  /** Reads that were really made on the way to it. */
  reads: Exchange[];
  /** Why the way to the write could not be walked to its end. */
  notes: string[];
  attributes: AttributeEvaluation[];
}

/**
 * What would be sent for one user, made by the code that sends: plan, work and connector are the same, and only the
 * transport stops at the first write. `operation` asks what it would be if the account stood so.
 */
export async function previewLink(
  ground: { pool: Pool; clock: Clock },
  runtime: AppRuntime,
  userId: string,
  operation?: PreviewOperation,
): Promise<Preview | undefined> {
  const { pool, clock } = ground;
  const now = clock.now();
  // The explanation shows every source, so everything is loaded, whatever the mapping needs.
  const needs = { manager: true, entitlements: true };
  const [found] = await loadLinks(pool, { appId: runtime.app.id, userIds: [userId], now, needs });
  if (!found) return undefined;
  const loaded = operation ? suppose(found, operation) : found;
  const evaluation = runtime.evaluationContext();
  const app = operation ? { ...runtime.app, triggers: ALL_ON } : runtime.app;
  const plan = planLoaded({ app, document: runtime.document, mapping: runtime.mapping, evaluation, now }, loaded);
  const attributes = runtime.mapping.explain(loaded.record, evaluation);
  const preview: Preview = {
    plan: plan.kind,
    operation: plan.kind === 'change' ? plan.change.operation : null,
    reason: plan.kind === 'waiting' || plan.kind === 'parked' ? plan.reason : null,
    changes: plan.kind === 'change' ? plan.change.changes : [],
    request: null,
    reads: [],
    notes: [],
    attributes,
  };
  if (plan.kind === 'change' || plan.kind === 'correlate') await rehearse(ground, runtime, loaded, plan, preview);
  return preview;
}

const ALL_ON = { create: true, update: true, deactivate: true, reactivate: true };

/** The link as if the account stood so that `operation` is what comes next. */
function suppose(loaded: LoadedLink, operation: PreviewOperation): LoadedLink {
  const { link, entitlement } = loaded;
  const present = { ...entitlement, isActive: true, isDeleted: false, isAssigned: true };
  const remoteId = link.remoteId ?? '{remote id}';
  switch (operation) {
    case 'create':
      return {
        ...loaded,
        entitlement: present,
        link: { ...link, remoteId: null, accountState: 'absent', applied: null },
      };
    case 'update':
      return {
        ...loaded,
        entitlement: present,
        link: { ...link, remoteId, accountState: 'active', applied: link.applied ?? {} },
      };
    case 'reactivate':
      return { ...loaded, entitlement: present, link: { ...link, remoteId, accountState: 'deactivated' } };
    case 'deactivate':
      return {
        ...loaded,
        entitlement: { ...entitlement, isActive: false },
        link: { ...link, remoteId, accountState: 'active' },
      };
  }
}

async function rehearse(
  { pool, clock }: { pool: Pool; clock: Clock },
  runtime: AppRuntime,
  loaded: LoadedLink,
  plan: Extract<Plan, { kind: 'change' | 'correlate' }>,
  preview: Preview,
): Promise<void> {
  const transport = createPreviewTransport(runtime.transport);
  const signal = AbortSignal.timeout(15_000);
  const options = { signal, sink: (exchange: Exchange) => preview.reads.push(exchange) };
  const connection = runtime.connect({ request: (request) => transport.request(request, options) }, signal);
  const { accounts } = connection;
  const find = accounts.find.bind(accounts);
  const target: Target = {
    // A target that cannot be asked hides whether the account exists, not what would be sent to create it.
    connection: {
      ...connection,
      accounts: Object.assign(Object.create(accounts) as typeof accounts, {
        find: (request: Parameters<typeof find>[0]) =>
          find(request).catch((error: unknown) => {
            if (!(error instanceof ConnectorError)) throw error;
            preview.notes.push(`Could not look for an existing account by ${request.path}: ${error.message}`);
            return { accounts: [] };
          }),
      }),
    },
    correlation: runtime.document.correlation,
    triggers: runtime.app.triggers,
    ownersOf: (remoteIds) => findOwners(pool, runtime.app.id, loaded.userId, remoteIds),
    lastObserved: async () => null,
    stillWanted: async () => true,
  };
  try {
    const performed = await performWork(target, { link: loaded.link, task: plan, readFirst: false, now: clock.now() });
    if (performed.kind === 'parked') preview.reason = performed.reason;
    else if ('message' in performed) preview.notes.push(performed.message);
  } catch (error) {
    if (error instanceof ConnectorError) preview.notes.push(error.message);
    else if (!(error instanceof PreviewStop)) throw error;
  }
  preview.request = transport.captured ?? null;
}
