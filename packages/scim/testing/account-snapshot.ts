import type { JsonObject } from './json.ts';
import type { StoredRecord } from './record-store.ts';

/** An account or group as the target keeps it now. */
export interface AccountSnapshot {
  id: string;
  userName: string | undefined;
  externalId: string | undefined;
  active: boolean;
  revision: number;
  isStranger: boolean;
  /** The stored representation, byte for byte. */
  text: string;
  readonly attributes: JsonObject;
}

/** Records by id, in the order of creation. */
export function snapshotRecords(records: Map<string, StoredRecord>): Map<string, AccountSnapshot> {
  return new Map([...records].map(([id, record]) => [id, snapshotRecord(record)]));
}

export function snapshotRecord({
  id,
  userName,
  externalId,
  active,
  revision,
  isStranger,
  json,
}: StoredRecord): AccountSnapshot {
  return {
    id,
    userName,
    externalId,
    active,
    revision,
    isStranger,
    text: json,
    get attributes() {
      return JSON.parse(json) as JsonObject;
    },
  };
}
