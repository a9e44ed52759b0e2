import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { countByKey, listValuesUnderOtherKeys, replaceSealed, tellOthers } from './sql/sealed-values.ts';
import type { Vault } from './vault.ts';
import { VaultError } from './vault-error.ts';

export interface VaultGround extends Ground {
  vault: Vault;
}

/** Which keys are here, and how much is sealed under each. */
export interface VaultStanding {
  /** The first one seals. */
  readonly keys: readonly {
    readonly id: string;
    readonly seals: boolean;
    readonly isHere: boolean;
    readonly values: number;
  }[];
}

export interface Rotation extends VaultStanding {
  readonly resealed: number;
  /** What cannot be opened with the keys that are here, and stays as it is. */
  readonly unopened: readonly { readonly owner: string; readonly field: string; readonly problem: string }[];
}

const BATCH = 100;
/** In which the other replicas read the keys again, before anything is sealed under one that they may not have. */
const OTHERS_READ_MS = 1_500;

export async function describeVault({ pool, vault }: VaultGround): Promise<VaultStanding> {
  const counts = new Map((await countByKey(pool)).map(({ keyId, count }) => [keyId, count]));
  const ids = [...new Set([...vault.keyIds, ...counts.keys()])];
  return {
    keys: ids.map((id) => ({
      ...{ id, seals: id === vault.keyIds[0], isHere: vault.keyIds.includes(id), values: counts.get(id) ?? 0 },
    })),
  };
}

/** Seals everything anew under the first key, value by value, while all goes on. Run again, it goes on where it was. */
export async function rotateVault(ground: VaultGround, actor: Actor): Promise<Rotation> {
  const { pool, vault, clock } = ground;
  if (vault.reload) {
    await vault.reload();
    await tellOthers(pool);
    await clock.sleep(OTHERS_READ_MS);
  }
  const keyId = vault.keyIds[0] ?? '';
  const unopened = new Map<string, Rotation['unopened'][number]>();
  let resealed = 0;
  for (;;) {
    const values = await listValuesUnderOtherKeys(pool, keyId, BATCH + unopened.size);
    const open = values.filter(({ owner, field }) => !unopened.has(`${owner} ${field}`));
    if (open.length === 0) break;
    for (const value of open) {
      const { owner, field, origins } = value;
      try {
        const anew = vault.reseal(value.sealed, { appId: owner, field, allowedOrigins: origins });
        if (anew !== undefined && (await replaceSealed(pool, value, anew, keyId))) resealed += 1;
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        unopened.set(`${owner} ${field}`, { owner, field, problem: error.message });
      }
    }
  }
  const entry = { action: 'vault.rotated', entityKind: 'instance', entityId: 'vault' };
  const after = { keyId, resealed, unopened: unopened.size };
  await inTransaction(pool, (db) => writeAudit(db, clock.now(), actor, [{ ...entry, after }]));
  return { ...(await describeVault(ground)), resealed, unopened: [...unopened.values()] };
}
