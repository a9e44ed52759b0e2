import pg from 'pg';
import { connectionOptions } from '../../src/db/pool.ts';
import { createTestDatabase } from '../support/database.ts';
import { SimulatedStore } from './simulated-store.ts';

export interface SimulationDatabase extends AsyncDisposable {
  readonly client: pg.Client;
  close(): Promise<void>;
}

/** A database for simulations, with the one connection that all of them share. */
export async function openSimulationDatabase(): Promise<SimulationDatabase> {
  const database = await createTestDatabase({ poolSize: 1 });
  const client = new pg.Client(connectionOptions(database.url, 'usher simulation'));
  await client.connect();
  await SimulatedStore.prepare(client);
  const close = async () => {
    await client.end();
    await database.close();
  };
  return { client, close, [Symbol.asyncDispose]: close };
}
