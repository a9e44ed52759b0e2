import type { ConnectorContext } from '@usher/connector-sdk';
import type { Discovery, Learned, ScimClient } from '@usher/scim';

/** A target's refusals and its discovery documents are asked for again after this long: they change with its releases. */
const memoryMs = 60 * 60 * 1000;

interface Remembered<Value> {
  value: Value;
  at: number;
}

/** What earlier work of this app learned about the target's refusals; a new, shared record once the old one has aged. */
export function recallLearned({ memory, now }: ConnectorContext<unknown>): Learned {
  const remembered = memory.get('scim.learned') as Remembered<Learned> | undefined;
  const at = now().getTime();
  if (remembered !== undefined && at - remembered.at < memoryMs) return remembered.value;
  const value: Learned = {};
  memory.set('scim.learned', { value, at });
  return value;
}

/** The target's discovery documents, from memory when they are fresh enough. */
export async function findDiscovery(client: ScimClient, context: ConnectorContext<unknown>): Promise<Discovery> {
  const remembered = context.memory.get('scim.discovery') as Remembered<Discovery> | undefined;
  const at = context.now().getTime();
  if (remembered !== undefined && at - remembered.at < memoryMs) return remembered.value;
  return refreshDiscovery(client, context);
}

/** The target's discovery documents, read now. */
export async function refreshDiscovery(
  client: ScimClient,
  { memory, now }: ConnectorContext<unknown>,
): Promise<Discovery> {
  const value = await client.discover();
  memory.set('scim.discovery', { value, at: now().getTime() });
  return value;
}
