import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/**
 * A way to a database that can be cut at the worst moment: after a statement has reached the server and was carried
 * out, and before its answer comes back.
 */
export interface CuttingProxy {
  readonly url: string;
  /** How often it has cut since the last arming. */
  readonly cuts: number;
  /** The next messages to the server that hold this text are delivered, and their answers are not: the connection breaks. */
  cutAfter(text: string, times?: number): void;
  /** Nothing passes any more in either direction, and nobody is told: as behind a firewall that forgot us. */
  freeze(): void;
  /** New connections work again; those that were frozen stay so. */
  thawNew(): void;
  /** Frozen connections break; new ones work. */
  thaw(): void;
  close(): Promise<void>;
}

export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const upstream = new URL(target);
  const socketDir = upstream.searchParams.get('host');
  const port = Number(upstream.port || 5432);
  const sockets = new Set<Socket>();
  let armed: { text: string; times: number; cuts: number } | undefined;
  let frozen = false;
  const stick: (() => void)[] = [];

  const server = createServer((client) => {
    const database = socketDir ? connect(join(socketDir, `.s.PGSQL.${port}`)) : connect(port, upstream.hostname);
    let doomed: typeof armed;
    let stuck = false;
    stick.push(() => {
      stuck = true;
    });
    const end = () => {
      client.destroy();
      database.destroy();
    };
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        if (!frozen && !stuck) end();
      });
    }
    client.on('data', (chunk) => {
      if (frozen || stuck) return;
      if (armed && armed.times > 0 && chunk.includes(armed.text)) {
        armed.times -= 1;
        doomed ??= armed;
      }
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      if (frozen || stuck) return;
      if (!doomed) return void client.write(chunk);
      doomed.cuts += 1;
      end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  url.searchParams.delete('host');
  return {
    url: url.href,
    get cuts() {
      return armed?.cuts ?? 0;
    },
    cutAfter: (text, times = 1) => {
      armed = { text, times, cuts: 0 };
    },
    freeze: () => {
      frozen = true;
    },
    thawNew: () => {
      for (const make of stick) make();
      frozen = false;
    },
    thaw: () => {
      for (const socket of sockets) socket.destroy();
      frozen = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
