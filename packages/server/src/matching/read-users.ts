import type { AppGround, AppRuntime } from '../apps/index.ts';
import { departureCause } from '../planning/index.ts';
import { type LoadedLink, loadLinks } from '../provisioning/index.ts';
import { keyOf, listMatchingAttributes, type MatchingAttribute } from './match-key.ts';
import type { MatchingReport, Standing } from './matching-report.ts';
import type { ReadingEnd } from './read-accounts.ts';
import { listUserIds, type ReadUser, writeUsers } from './sql/reading.ts';

const BATCH = 1000;

/** Computes what would find the account of each user of the directory, in batches that are kept one by one. */
export async function readUsers(
  { pool, clock }: AppGround,
  runtime: AppRuntime,
  report: Pick<MatchingReport, 'id' | 'appId' | 'atUser'>,
  signal: AbortSignal,
): Promise<ReadingEnd> {
  const { mapping, document } = runtime;
  const attributes = listMatchingAttributes(mapping, document.correlation.matchingAttributes);
  let at = report.atUser;
  for (;;) {
    if (signal.aborted) return 'stopped';
    const userIds = await listUserIds(pool, at, BATCH);
    const last = userIds.at(-1);
    if (last === undefined) return 'read';
    const links = await loadLinks(pool, { appId: report.appId, userIds, now: clock.now(), needs: mapping.needs });
    const users = links.map((link) => describeUser(runtime, link, attributes));
    at = last;
    const step = await writeUsers(pool, report.id, { users, atUser: at, count: userIds.length });
    if (!step) return 'stopped';
    if (step.cancelled) return 'cancelled';
  }
}

function describeUser(runtime: AppRuntime, loaded: LoadedLink, attributes: readonly MatchingAttribute[]): ReadUser {
  const { record, link } = loaded;
  const paths = attributes.map(({ path }) => path);
  const values = runtime.mapping.evaluateSome(paths, record, runtime.evaluationContext());
  return {
    userId: loaded.userId,
    username: record.username,
    standing: standingOf(runtime, loaded),
    keys: attributes.map((attribute) => keyOf(values[attribute.path], attribute)),
    linked: link.accountState === 'deleted' ? null : link.remoteId,
  };
}

function standingOf({ mapping, evaluationContext }: AppRuntime, { entitlement, record }: LoadedLink): Standing {
  switch (departureCause(entitlement)) {
    case 'user deleted':
      return 'deleted';
    case 'user deactivated':
      return 'inactive';
    case 'assignment lost':
      return 'not assigned';
    case undefined:
      return mapping.filter && mapping.filter.judge(record, evaluationContext()).kind !== 'in'
        ? 'out of scope'
        : 'entitled';
  }
}
