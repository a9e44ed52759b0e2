import { registerHooks } from 'node:module';
import { format } from 'node:util';

const NETWORK = /^(?:node:)?(?:net|http|https|http2|tls|dns|dgram|quic)(?:\/|$)/;

/**
 * Makes the mistakes of an honest author loud: a request past `ctx.http`, and prints that would get lost. This is no
 * wall. Code that means harm finds other ways to the network, which Node's permission model leaves open.
 * `sdkUrl` is the host's copy of the SDK, so that a connector needs none of its own beside it.
 */
export function guardProcess(sdkUrl: string, print: (level: 'debug' | 'warn', text: string) => void): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '@usher/connector-sdk') return { url: sdkUrl, shortCircuit: true };
      if (specifier === '@usher/connector-sdk/testing') {
        throw new Error('@usher/connector-sdk/testing is for tests. Import it in the test file only.');
      }
      if (NETWORK.test(specifier)) {
        throw new Error(`A connector has no ${specifier}: send requests with context.http, which adds the credential.`);
      }
      return next(specifier, context);
    },
  });
  const refuse = (name: string) => () => {
    throw new Error(`A connector has no ${name}: send requests with context.http, which adds the credential.`);
  };
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) {
    Object.defineProperty(globalThis, name, { value: refuse(name), configurable: true, writable: true });
  }
  const say =
    (level: 'debug' | 'warn') =>
    (...args: unknown[]) =>
      print(level, format(...args));
  Object.assign(console, { log: say('debug'), debug: say('debug'), info: say('debug') });
  Object.assign(console, { warn: say('warn'), error: say('warn'), trace: say('warn') });
}
