import pg from 'pg';
import { connectionOptions } from '../../src/db/pool.ts';
import { createTestDatabase } from '../support/database.ts';
import { SimulatedStore } from './simulated-store.ts';

/** A database for simulations, with the one connection that all of them share. */
export async function openSimulationDatabase(): Promise<{ client: pg.Client; close(): Promise<void> }> {
  const database = await createTestDatabase({ poolSize: 1 });
  const client = new pg.Client(connectionOptions(database.url, 'usher simulation'));
  await client.connect();
  await SimulatedStore.prepare(client);
  const close = async () => {
    await client.end();
    await database.close();
  };
  return { client, close };
}
