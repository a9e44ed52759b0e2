import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { AlertChannel, ChannelConfig } from '../channel.ts';

interface Row {
  id: number;
  name: string;
  kind: AlertChannel['kind'];
  config: ChannelConfig;
  kinds: string[];
  enabled: boolean;
  createdAt: Date;
  updatedAt: Date;
  revision: number;
}

const COLUMNS = `id, name, kind, config, kinds, enabled, created_at as "createdAt", updated_at as "updatedAt", revision`;
const LIST = statement<Row>('channels-list', `select ${COLUMNS} from alert_channel order by lower(name)`);
const FIND = statement<Row>('channel-find', `select ${COLUMNS} from alert_channel where id = $1`);
const LOCK = statement<Row>('channel-lock', `select ${COLUMNS} from alert_channel where id = $1 for update`);
const INSERT = statement<{ id: number }>(
  'channel-insert',
  `insert into alert_channel (name, kind, config, kinds, enabled, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $6) returning id`,
);
const UPDATE = statement(
  'channel-update',
  `update alert_channel set name = $2, config = $3, kinds = $4, enabled = $5, updated_at = $6, revision = revision + 1
   where id = $1`,
);
const DELETE = statement('channel-delete', 'delete from alert_channel where id = $1');

const toChannel = (row: Row): AlertChannel => row as AlertChannel;

export async function listChannels(db: Queryable): Promise<AlertChannel[]> {
  return (await LIST.rows(db)).map(toChannel);
}

export async function findChannel(db: Queryable, id: number): Promise<AlertChannel | undefined> {
  const row = await FIND.find(db, [id]);
  return row && toChannel(row);
}

export async function lockChannel(db: Queryable, id: number): Promise<AlertChannel | undefined> {
  const row = await LOCK.find(db, [id]);
  return row && toChannel(row);
}

type Written = Pick<AlertChannel, 'name' | 'kind' | 'config' | 'kinds' | 'enabled'>;

export async function insertChannel(db: Queryable, channel: Written, now: Date): Promise<number> {
  const { name, kind, config, kinds, enabled } = channel;
  const row = await INSERT.find(db, [name, kind, JSON.stringify(config), kinds, enabled, now]);
  if (!row) throw new Error('An insert gives its row');
  return row.id;
}

export async function updateChannel(
  db: Queryable,
  id: number,
  channel: Omit<Written, 'kind'>,
  now: Date,
): Promise<void> {
  const { name, config, kinds, enabled } = channel;
  await UPDATE.run(db, [id, name, JSON.stringify(config), kinds, enabled, now]);
}

export async function deleteChannel(db: Queryable, id: number): Promise<void> {
  await DELETE.run(db, [id]);
}
