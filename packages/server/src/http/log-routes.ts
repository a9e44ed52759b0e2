import { z } from 'zod';
import type { Ground } from '../ground.ts';
import { findLogHead, followLog, type LogEvent } from '../provisioning/index.ts';
import { type EventSource, sendEvents } from './event-stream.ts';
import { getApp, getUserId } from './find-named.ts';
import type { RouteFamily } from './http-app.ts';

const BATCH = 200;
/** The writing transaction and the line within it. */
const POSITION = /^\d{1,20}-(?:-1|\d{1,18})$/;

/** The provisioning log as it is written. */
export function logRoutes(ground: Ground, onNews: EventSource['onNews']): RouteFamily {
  const { pool } = ground;
  return (api) => {
    api.route({
      method: 'GET',
      url: '/log/stream',
      config: { scope: 'provisioning:read' },
      schema: {
        tags: ['requests'],
        summary: 'The provisioning log as server-sent events; resumable on any replica by Last-Event-ID',
        querystring: z.strictObject({
          app: z.string().max(200).optional(),
          user: z.string().max(200).optional().describe('Id or Username'),
        }),
      },
      handler: async (request, reply) => {
        const { app, user } = request.query;
        const filter = {
          appId: app === undefined ? undefined : (await getApp(pool, app)).id,
          userId: user === undefined ? undefined : await getUserId(pool, user),
          limit: BATCH,
        };
        await sendEvents(request, reply, ground, {
          position: POSITION,
          onNews,
          read: async (after) => {
            const head = await findLogHead(pool);
            if (after === undefined) return { events: [], position: formatPosition(head) };
            const events = await followLog(pool, parsePosition(after), filter);
            const last = events.at(-1);
            // Where nothing matched, what was looked through need not be looked through again.
            const position =
              last && events.length === BATCH ? last : last ? later(last, head) : later(parsePosition(after), head);
            return { events: events.map(toEvent), position: formatPosition(position) };
          },
        });
      },
    });
  };
}

interface Position {
  tx: string;
  id: number;
}

/** The head names the first transaction that is still open: everything before it was read. */
function later(a: Position, head: Position): Position {
  return BigInt(a.tx) >= BigInt(head.tx) ? a : head;
}

function formatPosition({ tx, id }: Position): string {
  return `${tx}-${id}`;
}

function parsePosition(text: string): Position {
  const dash = text.indexOf('-');
  return { tx: text.slice(0, dash), id: Number(text.slice(dash + 1)) };
}

function toEvent({ tx, ...event }: LogEvent) {
  return { id: formatPosition({ tx, id: event.id }), event: 'log', data: { ...event, at: event.at.toISOString() } };
}
