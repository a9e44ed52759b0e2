import type { Ground } from '../ground.ts';
import type { NetworkPolicy, ResolveHost } from '../transport/index.ts';
import type { Vault } from '../vault/index.ts';

/** What alerts stand on besides the ground of everything. */
export interface AlertGround extends Ground {
  vault: Vault;
  networkPolicy: NetworkPolicy;
  version: string;
  /** Where people reach Usher, for the links. */
  publicUrl?: string | undefined;
  resolve?: ResolveHost | undefined;
}

/** The page of an app where its credential is renewed. */
export function linkToCredential({ publicUrl }: Pick<AlertGround, 'publicUrl'>, app: string): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl}/apps/${encodeURIComponent(app)}/credential`;
}

export function linkToHolds({ publicUrl }: Pick<AlertGround, 'publicUrl'>, app: string): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl}/holds?app=${encodeURIComponent(app)}`;
}

export function linkToRollout(
  { publicUrl }: Pick<AlertGround, 'publicUrl'>,
  app: string,
  rollout: number,
): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl}/apps/${encodeURIComponent(app)}/rollouts/${rollout}`;
}

export function linkToApp({ publicUrl }: Pick<AlertGround, 'publicUrl'>, app: string): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl}/apps/${encodeURIComponent(app)}`;
}

export function linkToDeletions({ publicUrl }: Pick<AlertGround, 'publicUrl'>, app: string): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl}/holds/deletions?app=${encodeURIComponent(app)}`;
}
