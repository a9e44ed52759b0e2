import { makeAdministratorLink } from '../../access/index.ts';
import { systemClock } from '../../clock.ts';
import { type ConfigOverrides, readConfig } from '../../config.ts';
import { reachStore, StoreError } from '../../db/index.ts';
import { createPool } from '../../db/pool.ts';
import { createLog } from '../../log.ts';
import type { AddCommand } from '../command-context.ts';
import { describeOsActor } from '../os-actor.ts';
import { formatFacts } from '../print.ts';
import { addConfigOptions } from './serve.ts';

/** `usher admin-link`: for whoever has the database anyway, at the first start and when nobody can sign in any more. */
export const addAdminLinkCommand: AddCommand = (program, context) => {
  addConfigOptions(
    program
      .command('admin-link')
      .description('print a one-time link that makes an administrator of the console; the one before ends'),
  )
    .option('--port <port>', 'port of the server, for the link')
    .option('--public-url <url>', 'address at which people reach the server, for the link')
    .action(async (options: ConfigOverrides) => {
      const config = readConfig(undefined, options);
      const log = createLog({ level: config.logLevel });
      const store = await reachStore(config, log);
      const pool = createPool({ url: store.url, size: 1, name: 'usher admin-link', log });
      try {
        const { rows } = await pool.query(`select to_regclass('access_link') is not null as there`);
        if (!rows[0]?.there) {
          throw new StoreError(
            'The database is not that of this version of Usher. Start the server once, then try again.',
          );
        }
        const { path, expiresAt } = await makeAdministratorLink({ pool, clock: systemClock, log }, describeOsActor());
        const url = `${config.publicUrl ?? `http://localhost:${config.port}`}${path}`;
        context.show({ url, expiresAt: expiresAt.toISOString() }, () =>
          formatFacts([
            ['Link', url],
            ['Good until', expiresAt.toISOString()],
          ]),
        );
        context.note('It works once. Open it in the browser of the person who is to be the administrator.');
      } finally {
        await pool.end();
        await store.close();
      }
    });
};
