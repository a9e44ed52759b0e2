import type { Command } from 'commander';
import type { ConfigOverrides } from '../../config.ts';

/** The commands that are not calls of the API. Each gives the exit code. */
export interface ProgramHandlers {
  serve(overrides: ConfigOverrides): Promise<number>;
  migrate(overrides: ConfigOverrides): Promise<number>;
}

/** The commands that run here rather than at a server. */
export function addServerCommands(program: Command, handlers: ProgramHandlers, exitWith: (code: number) => void): void {
  addConfigOptions(program.command('serve').description('run the server until it is stopped'))
    .option('--host <address>', 'address to listen on')
    .option('--port <port>', 'port to listen on; 0 lets the system choose')
    .option('--public-url <url>', 'address at which people reach it')
    .action(async (options: ConfigOverrides) => exitWith(await handlers.serve(options)));
  addConfigOptions(program.command('migrate').description("bring the database's schema up to date, and end")).action(
    async (options: ConfigOverrides) => exitWith(await handlers.migrate(options)),
  );
}

export function addConfigOptions(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'data folder, with the embedded database')
    .option('--database-url <url>', 'PostgreSQL to use instead of the embedded one; prefer DATABASE_URL')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent');
}
