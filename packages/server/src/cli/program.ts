import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ConfigError, readApiAccess } from '../config.ts';
import { BackupError, EmbeddedDatabaseError, MigrationError, StoreError } from '../db/index.ts';
import { VaultError } from '../vault/index.ts';
import { VERSION } from '../version.ts';
import { type Api, ApiError, createApi } from './api.ts';
import type { CommandContext } from './command-context.ts';
import { addAdminLinkCommand } from './commands/admin-link.ts';
import { addAppsCommand } from './commands/apps.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addApiCommand } from './commands/call-api.ts';
import { addAlertsCommand, addCredentialsCommands, addVaultCommand } from './commands/credentials.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDrillCommand } from './commands/drill.ts';
import { addEntitlementCommands } from './commands/entitlements.ts';
import { addGuardsCommand } from './commands/guards.ts';
import { addHoldsCommand } from './commands/holds.ts';
import { addImportCommand } from './commands/import-users.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addMappingCommand } from './commands/mapping.ts';
import { addMatchingCommand } from './commands/matching.ts';
import { addPeopleCommand } from './commands/people.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addPreviewCommand } from './commands/preview.ts';
import { addProvisionCommand } from './commands/provision.ts';
import { addRequestsCommand } from './commands/requests.ts';
import { addRolloutsCommand } from './commands/rollouts.ts';
import { addServerCommands, type ProgramHandlers } from './commands/serve.ts';
import { addSingleSignOnCommand } from './commands/single-sign-on.ts';
import { addUndoneCommands } from './commands/undone.ts';
import { addUsersCommand } from './commands/users.ts';
import { addWhyCommand } from './commands/why.ts';
import { makeHarmless } from './print.ts';

export interface ProgramOutput {
  out(text: string): void;
  err(text: string): void;
}

const TERMINAL: ProgramOutput = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Errors whose message already says what is wrong and what to do. */
const TOLD = [BackupError, EmbeddedDatabaseError, StoreError, MigrationError, VaultError];

const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs `usher …`. Gives 0, 1 when what was asked failed or was refused, 2 when it was asked wrongly. */
export async function runProgram(
  args: readonly string[],
  handlers: ProgramHandlers,
  output: ProgramOutput = TERMINAL,
): Promise<number> {
  let exitCode = 0;
  const program = new Command('usher')
    .description(
      'Usher provisions people’s accounts. Commands other than serve, migrate, backup, restore and admin-link talk to a running server.',
    )
    .version(VERSION)
    .option('--url <url>', 'the server, instead of USHER_URL')
    .option('--key <key>', 'the API key, instead of USHER_API_KEY; other users of this machine may see it')
    .option('--reason <text>', 'why it is done; kept with the audit event of the change')
    .option('--json', "print the API's answer as it is")
    .showHelpAfterError('(usher --help lists the commands)')
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err });
  const context = createContext(program, output, () => {
    exitCode = FAILED;
  });
  addServerCommands(program, handlers, (code) => {
    exitCode = code;
  });
  const adders = [
    addBackupCommands,
    addImportCommand,
    addDemoCommand,
    addUsersCommand,
    addEntitlementCommands,
    addAppsCommand,
    addRequestsCommand,
    addHoldsCommand,
    addGuardsCommand,
    addUndoneCommands,
    addWhyCommand,
    addPreviewCommand,
    addMappingCommand,
    addPlanCommand,
    addMatchingCommand,
    addDrillCommand,
    addRolloutsCommand,
    addProvisionCommand,
    addKeysCommand,
    addCredentialsCommands,
    addVaultCommand,
    addAlertsCommand,
    addPeopleCommand,
    addSingleSignOnCommand,
    addAuditCommand,
    addApiCommand,
    addAdminLinkCommand,
  ];
  for (const add of adders) add(program, context);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return tellFailure(error, output, program.opts()['json'] === true);
  }
}

function createContext(program: Command, output: ProgramOutput, fail: () => void): CommandContext {
  let api: Api | undefined;
  const asJson = (): boolean => program.opts()['json'] === true;
  return {
    api: () => {
      const { reason } = program.opts();
      api ??= createApi({ ...readAccess(program.opts()), reason });
      return api;
    },
    show: (answer, render) => output.out(asJson() ? `${JSON.stringify(answer, null, 2)}\n` : render(answer)),
    write: output.out,
    note: (text) => {
      if (!asJson()) output.err(`${text}\n`);
    },
    fail,
  };
}

/** Options go before the environment, which is not looked at when both are given. */
function readAccess({ url, key }: { url?: string; key?: string }) {
  const given = readApiAccess({ USHER_URL: url, USHER_API_KEY: key });
  if (url !== undefined && key !== undefined) return given;
  const fromEnvironment = readApiAccess();
  return {
    url: url === undefined ? fromEnvironment.url : given.url,
    ...(key !== undefined ? { key } : fromEnvironment.key !== undefined ? { key: fromEnvironment.key } : {}),
  };
}

function tellFailure(error: unknown, output: ProgramOutput, asJson: boolean): number {
  // Thrown by a command itself, unlike those of its arguments, which were told when they were read.
  if (error instanceof InvalidArgumentError) {
    output.err(`error: ${error.message}\n`);
    return WRONG_USAGE;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  if (error instanceof ConfigError) {
    output.err(`${error.message}\n`);
    return WRONG_USAGE;
  }
  if (error instanceof ApiError) {
    if (asJson && error.problem) output.out(`${JSON.stringify(error.problem, null, 2)}\n`);
    output.err(describeRefusal(error));
    return FAILED;
  }
  if (TOLD.some((kind) => error instanceof kind)) {
    output.err(`${(error as Error).message}\n`);
    return FAILED;
  }
  output.err(`The command failed through a fault of its own: ${error instanceof Error ? error.stack : error}\n`);
  return FAILED;
}

function describeRefusal({ message, problem }: ApiError): string {
  if (!problem || problem.errors.length === 0) return `${makeHarmless(message)}\n`;
  const fields = problem.errors.map(({ field, problem: what, fix }) => `  ${field}: ${what}. ${fix}`);
  return `${[`${problem.title} (${problem.status} ${problem.code}).`, ...fields].map(makeHarmless).join('\n')}\n`;
}
