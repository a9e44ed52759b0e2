import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Row } from './api.ts';
import type { CommandContext } from './command-context.ts';

interface Exported {
  readonly path: string;
  readonly description: string;
  readonly addFilter: (command: Command) => Command;
  readonly readFilter: (options: Row) => Record<string, string | undefined>;
}

/** Adds the command `export`: a whole list as a file, or to standard output for another program. */
export function addExport(parent: Command, context: CommandContext, exported: Exported): void {
  const file = parent
    .command('export')
    .description(`${exported.description}: CSV for spreadsheets, or JSON lines`)
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'jsonl']).default('csv'))
    .option('--output <file>', 'where it goes, instead of standard output');
  exported.addFilter(file).action(async ({ format, output, ...options }: Row) => {
    const stream = await context.api().download(exported.path, { format, ...exported.readFilter(options) });
    if (output === undefined) {
      const decoder = new TextDecoder();
      for await (const part of stream) context.write(decoder.decode(part, { stream: true }));
      return;
    }
    await pipeline(stream, createWriteStream(output));
    context.note(`Wrote ${output}`);
  });
}
