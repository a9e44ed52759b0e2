import { parseArgs } from 'node:util';
import { DemoError } from './demo-folder.ts';
import { exitCodeOf, runDemo } from './run-demo.ts';
import { Terminal } from './terminal.ts';

const usage = `usage: npm run demo -- [--exit] [--data DIR] [--port PORT]
  --exit       stop everything at the end; the exit code is 1 on any difference
  --data DIR   the demo's own data folder, emptied at each start (default data/demo)
  --port PORT  where Usher listens; another one if it is taken (default 4780)`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${usage}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const terminal = new Terminal(process.stdout);
  const interrupted = new AbortController();
  // Later signals change nothing: stopping takes a moment, and must not be left half done.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(signal));
  }
  try {
    const demo = await runDemo({ ...options, terminal, signal: interrupted.signal });
    if (!options.exit) {
      terminal.say('\nEverything keeps running. Ctrl-C stops it.');
      const why = await Promise.race([waitForAbort(interrupted.signal), demo.serverEnded]);
      terminal.say(`\nStopping (${why})`);
    }
    await demo.stop();
    return exitCodeOf(demo);
  } catch (error) {
    if (interrupted.signal.aborted) {
      terminal.say(`\nStopped (${interrupted.signal.reason})`);
      return 130;
    }
    const text = error instanceof DemoError ? error.message : (error as Error).stack;
    process.stderr.write(`\nThe demo failed. ${text}\n`);
    return 1;
  }
}

function waitForAbort(signal: AbortSignal): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  if (signal.aborted) resolve(String(signal.reason));
  signal.addEventListener('abort', () => resolve(String(signal.reason)), { once: true });
  return promise;
}

interface Options {
  exit: boolean;
  help: boolean;
  dataDir: string;
  port: number;
}

function readOptions(args: string[]): Options | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        exit: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        data: { type: 'string', default: 'data/demo' },
        port: { type: 'string', default: '4780' },
      },
    });
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) return `--port: '${values.port}' is not a port`;
    if (values.data === '') return '--data: give a folder';
    return { exit: values.exit, help: values.help, dataDir: values.data, port: Number(values.port) };
  } catch (error) {
    return (error as Error).message;
  }
}
