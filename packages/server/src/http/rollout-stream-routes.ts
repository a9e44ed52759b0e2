import { getApp } from '../apps/index.ts';
import { findLogHead, followLog } from '../provisioning/index.ts';
import { getRollout, type RolloutGround } from '../rollout/index.ts';
import { readApps } from './app-schemas.ts';
import { type EventSource, sendEvents } from './event-stream.ts';
import type { RouteFamily } from './http-app.ts';
import { rolloutParams as params, ROLLOUT_TAGS as tags } from './rollout-schemas.ts';

/** The revision of the rollout, and how far the log was read: the writing transaction and the line within it. */
const POSITION = /^(\d{1,18})-(\d{1,20})-(-1|\d{1,18})$/;

/** That a rollout changed, as it does: a command, a decision of the watch, or work for one of its app's users. */
export function rolloutStreamRoutes(ground: RolloutGround, onNews: EventSource['onNews']): RouteFamily {
  const { pool } = ground;
  return (api) => {
    api.route({
      method: 'GET',
      url: '/apps/:app/rollouts/:rollout/stream',
      config: readApps,
      schema: {
        tags,
        summary: 'Server-sent events: the rollout changed, so look again; resumable on any replica by Last-Event-ID',
        params,
      },
      handler: async (request, reply) => {
        const app = await getApp(ground, request.params.app);
        const read: EventSource['read'] = async (after) => {
          const head = await findLogHead(pool);
          const { id, revision, state, stage } = await getRollout(ground, app, request.params.rollout);
          // What is told is that something changed, so what came between need not be read one by one.
          const position = `${revision}-${head.tx}-${head.id}`;
          if (after === undefined) return { events: [], position };
          const [, seen, tx = '', line] = POSITION.exec(after) ?? [];
          const isNews =
            Number(seen) !== revision ||
            (await followLog(pool, { tx, id: Number(line) }, { appId: app.id, limit: 1 })).length > 0;
          const event = { id: position, event: 'rollout', data: { id, revision, state, stage } };
          return { events: isNews ? [event] : [], position };
        };
        await sendEvents(request, reply, ground, { position: POSITION, onNews, read });
      },
    });
  };
}
