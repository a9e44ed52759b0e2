import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, isUniqueViolation } from '../db/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import { parseTargetUrl, type TargetUrl } from '../transport/index.ts';
import type { AppGround } from './app-ground.ts';
import { insertApp, type NewApp } from './sql/write-apps.ts';

/** Makes an app as a draft: it sends nothing until it is activated. Gives its id. */
export async function createApp(ground: AppGround, actor: Actor, app: NewApp): Promise<number> {
  assertConnector(ground, app.connector);
  readBaseUrl(ground, app.baseUrl, app.connector);
  const now = ground.clock.now();
  try {
    return await inTransaction(ground.pool, async (db) => {
      const id = await insertApp(db, app, now);
      const entry = { action: 'app.created', entityKind: 'app', entityId: app.name, appId: id, after: app };
      await writeAudit(db, now, actor, [entry]);
      return id;
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'connected_app_name_key')) throw error;
    const fix = 'Choose another name; upper and lower case do not differ.';
    const problem = `an app called ${app.name} exists already`;
    throw new Refusal('already_exists', `There is an app called ${app.name} already.`, [
      { field: 'name', problem, fix },
    ]);
  }
}

export function assertConnector({ connectors }: Pick<AppGround, 'connectors'>, id: string): void {
  if (connectors.some((connector) => connector.id === id)) return;
  const known = connectors.map((connector) => connector.id).join(', ');
  throw refuseField('invalid_value', 'connector', `"${id}" is not a connector of this server`, `Give one of ${known}.`);
}

/** The address of a target, if this deployment may send there and the connector speaks what it begins with. */
export function readBaseUrl(
  { networkPolicy, connectors }: Pick<AppGround, 'networkPolicy' | 'connectors'>,
  text: string,
  connectorId: string,
): TargetUrl {
  const connector = connectors.find(({ id }) => id === connectorId);
  const parsed = parseTargetUrl(text, networkPolicy, connector && (connector.protocol ?? 'http'));
  if (!parsed.ok) throw refuseField('invalid_value', 'baseUrl', parsed.message, parsed.fix);
  return parsed.url;
}
