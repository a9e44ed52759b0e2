import { parseArgs } from 'node:util';
import { startScimTarget } from './scim-target.ts';

const usage = 'usage: main.ts scim --token TOKEN [--port 0] [--latency-ms 0] [--request-log-size 20000]';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${usage}\n`);
    return 2;
  }
  const target = await startScimTarget(options);
  process.stdout.write(`${JSON.stringify({ url: target.url })}\n`);
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once('SIGTERM', resolve);
  process.once('SIGINT', resolve);
  // Whoever started this holds the other end: when it is gone, however it went, this has no purpose any more.
  process.stdin.once('close', resolve).once('end', resolve).once('error', resolve).resume();
  await promise;
  await target.stop();
  process.stdin.destroy();
  return 0;
}

interface Options {
  port: number;
  token: string;
  latencyMs: number;
  requestLogSize?: number;
}

function readOptions(args: string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '0' },
        token: { type: 'string' },
        'latency-ms': { type: 'string', default: '0' },
        'request-log-size': { type: 'string' },
      },
    });
    if (positionals.length !== 1 || positionals[0] !== 'scim') return 'say which sandbox to start: scim';
    if (!values.token) return '--token: the bearer credential that the target shall accept is missing';
    const requestLogSize = values['request-log-size'];
    return {
      port: readWholeNumber('--port', values.port),
      token: values.token,
      latencyMs: readWholeNumber('--latency-ms', values['latency-ms']),
      ...(requestLogSize === undefined
        ? {}
        : { requestLogSize: readWholeNumber('--request-log-size', requestLogSize) }),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function readWholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option}: '${text}' is not a whole number`);
  return Number(text);
}
