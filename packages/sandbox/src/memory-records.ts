import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Everything that an authorization server remembers, in this process, without the limit of the library's own store. */
export class MemoryRecords {
  readonly #payloads = new Map<string, AdapterPayload>();
  readonly #byGrant = new Map<string, Set<string>>();
  /** Grants that were ended, in their order. */
  readonly revokedGrants: string[] = [];

  adapterOf(model: string): Adapter {
    const keyOf = (id: string): string => `${model}:${id}`;
    const findBy = async (name: 'uid' | 'userCode', value: string): Promise<AdapterPayload | undefined> => {
      for (const [key, payload] of this.#payloads) {
        if (key.startsWith(`${model}:`) && payload[name] === value) return payload;
      }
      return undefined;
    };
    return {
      find: async (id) => this.#payloads.get(keyOf(id)),
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (userCode) => findBy('userCode', userCode),
      upsert: async (id, payload) => {
        this.#payloads.set(keyOf(id), payload);
        if (payload.grantId === undefined || model === 'Session' || model === 'Interaction') return;
        const members = this.#byGrant.get(payload.grantId) ?? new Set();
        this.#byGrant.set(payload.grantId, members.add(keyOf(id)));
      },
      consume: async (id) => {
        const payload = this.#payloads.get(keyOf(id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => {
        this.#payloads.delete(keyOf(id));
      },
      revokeByGrantId: async (grantId) => {
        if (this.revokedGrants.at(-1) !== grantId) this.revokedGrants.push(grantId);
        for (const key of this.#byGrant.get(grantId) ?? []) this.#payloads.delete(key);
        this.#byGrant.delete(grantId);
      },
    };
  }

  /** How many records of a kind there are, such as `RefreshToken`. */
  count(model: string): number {
    let count = 0;
    for (const key of this.#payloads.keys()) if (key.startsWith(`${model}:`)) count += 1;
    return count;
  }

  /** Forgets every record of a kind: each of those tokens is unknown from then on. */
  forget(model: string): void {
    for (const key of [...this.#payloads.keys()]) if (key.startsWith(`${model}:`)) this.#payloads.delete(key);
  }

  /** Changes every record of a kind in place. */
  change(model: string, edit: (payload: AdapterPayload) => void): void {
    for (const [key, payload] of this.#payloads) if (key.startsWith(`${model}:`)) edit(payload);
  }
}
