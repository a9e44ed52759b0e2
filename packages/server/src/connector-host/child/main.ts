import { Socket } from 'node:net';
import { guardProcess } from './guard-process.ts';
import { LineChannel } from './line-channel.ts';
import type { ChildMessage, HostMessage } from './messages.ts';

/*
 * The process of one custom connector for one app: `main.ts <SDK> <module>`, both as file URLs, with the pipe to the host as
 * file descriptor 3. It has an empty environment, no secret, and no reason to outlive its host.
 */
const CHANNEL_FD = 3;
/** The host is trusted; this only keeps a mistake of ours from eating all memory. */
const MAX_LINE_CHARS = 256 * 1024 * 1024;

const [sdkUrl = '', moduleUrl = ''] = process.argv.slice(2);
let receive: (message: HostMessage) => void = () => {};
const channel = new LineChannel(new Socket({ fd: CHANNEL_FD, readable: true, writable: true }), {
  maxLineChars: MAX_LINE_CHARS,
  onLine: (line) => receive(JSON.parse(line) as HostMessage),
  onEnd: () => process.exit(0),
});
const send = (message: ChildMessage) => channel.send(message);
guardProcess(sdkUrl, (level, message) => send({ type: 'log', join: 0, level, message }));

// After the hooks, so that these see the same SDK as the connector does.
const { describeConnector, loadConnector } = await import('./load-connector.ts');
const { OperationServer } = await import('./serve-operations.ts');
const loaded = await loadConnector(moduleUrl);
if (loaded.ok) {
  const server = new OperationServer(loaded.connector, send);
  receive = (message) => server.receive(message);
  send({ type: 'hello', description: describeConnector(loaded.connector) });
} else {
  send({ type: 'unloadable', problem: loaded.problem });
}
