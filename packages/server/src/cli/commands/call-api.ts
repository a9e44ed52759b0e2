import { text } from 'node:stream/consumers';
import { Argument, InvalidArgumentError } from 'commander';
import type { AddCommand } from '../command-context.ts';
import { readJson } from '../read-json.ts';

/** `usher api GET /apps`: whatever the API can, also what has no command of its own. */
export const addApiCommand: AddCommand = (program, context) => {
  program
    .command('api')
    .description('call any route of the API, and print its answer; /api/docs lists them')
    .addArgument(new Argument('<method>').choices(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']))
    .argument('<path>', 'below /api/v1, as /apps?limit=10')
    .option('--data <file>', 'the body, as JSON in a file; - is standard input')
    .option('--if-match <etag>', 'of the record as it was read, or * for whichever it has')
    .action(async (method: string, path: string, options: { data?: string; ifMatch?: string }) => {
      if (!path.startsWith('/')) throw new InvalidArgumentError(`A path begins with "/": /${path}.`);
      const body = options.data === undefined ? undefined : await readBody(options.data);
      const { ifMatch } = options;
      const answer = await context.api().call(method, path.replace(/^\/api\/v1(?=\/)/, ''), {
        ...(body === undefined ? {} : { body }),
        ...(ifMatch === undefined ? {} : { ifMatch }),
      });
      context.write(`${JSON.stringify(answer, null, 2)}\n`);
    });
};

async function readBody(from: string): Promise<unknown> {
  if (from !== '-') return await readJson(from);
  try {
    return JSON.parse(await text(process.stdin));
  } catch (error) {
    throw new InvalidArgumentError(`Standard input is not JSON: ${(error as Error).message}`);
  }
}
