import type { Actor } from '../../audit/index.ts';
import { type Queryable, statement } from '../../db/index.ts';
import type { MatchingRule, Resolution } from '../matching-report.ts';

const COLUMNS = `id, report_id as "reportId", decision, filter, note, state, at_item as "atItem", done, refused,
  created_at as "createdAt", finished_at as "finishedAt", problem`;

const INSERT = statement(
  'matching-resolution-insert',
  `insert into matching_resolution (id, report_id, decision, filter, note, state, created_at, actor)
   values ($1, $2, $3, $4, $5, 'waiting', $6, $7)`,
);
const BY_ID = statement<Resolution & { actor: Actor }>(
  'matching-resolution-by-id',
  `select ${COLUMNS}, actor from matching_resolution where id = $1`,
);
const LIST = statement<Resolution>(
  'matching-resolution-list',
  `select ${COLUMNS} from matching_resolution where report_id = $1 order by created_at, id limit 500`,
);
/* In their order within a report: a later decision is made after the earlier ones. */
const UNFINISHED = statement<{ id: string }>(
  'matching-resolution-unfinished',
  `select distinct on (report_id) id from matching_resolution where state in ('waiting', 'running') order by report_id, created_at, id`,
);
const ADVANCE = statement(
  'matching-resolution-advance',
  `update matching_resolution set state = 'running', at_item = $2, done = done + $3, refused = refused + $4
   where id = $1 and state in ('waiting', 'running')`,
);
const FINISH = statement(
  'matching-resolution-finish',
  `update matching_resolution set state = $2, finished_at = $3, problem = $4 where id = $1`,
);
const RULES = statement<MatchingRule>(
  'matching-rules',
  'select decision, filter, note from matching_rule where app_id = $1 order by ordinal',
);
const CLEAR_RULES = statement('matching-rules-clear', 'delete from matching_rule where app_id = $1');
const INSERT_RULES = statement(
  'matching-rules-insert',
  `insert into matching_rule (app_id, ordinal, decision, filter, note)
   select $1, r.ordinal, r.decision, r.filter, r.note
   from json_to_recordset($2) as r (ordinal int, decision text, filter json, note text)`,
);

export async function insertResolution(
  db: Queryable,
  resolution: Pick<Resolution, 'id' | 'reportId' | 'decision' | 'filter' | 'note' | 'createdAt'>,
  actor: Actor,
): Promise<void> {
  const { id, reportId, decision, filter, note, createdAt } = resolution;
  await INSERT.run(db, [id, reportId, decision, JSON.stringify(filter), note, createdAt, JSON.stringify(actor)]);
}

export function findResolution(db: Queryable, id: string): Promise<(Resolution & { actor: Actor }) | undefined> {
  return BY_ID.find(db, [id]);
}

export function listResolutions(db: Queryable, reportId: string): Promise<Resolution[]> {
  return LIST.rows(db, [reportId]);
}

export async function listUnfinishedResolutions(db: Queryable): Promise<string[]> {
  return (await UNFINISHED.rows(db)).map(({ id }) => id);
}

/** False: nobody works on it any more. */
export async function advanceResolution(
  db: Queryable,
  id: string,
  step: { atItem: number; done: number; refused: number },
): Promise<boolean> {
  return (await ADVANCE.run(db, [id, step.atItem, step.done, step.refused])) === 1;
}

export async function finishResolution(
  db: Queryable,
  id: string,
  end: { state: 'done' | 'failed'; now: Date; problem?: string },
): Promise<void> {
  await FINISH.run(db, [id, end.state, end.now, end.problem ?? null]);
}

/** In their order. */
export function listRules(db: Queryable, appId: number): Promise<MatchingRule[]> {
  return RULES.rows(db, [appId]);
}

export async function replaceRules(db: Queryable, appId: number, rules: readonly MatchingRule[]): Promise<void> {
  await CLEAR_RULES.run(db, [appId]);
  await INSERT_RULES.run(db, [appId, JSON.stringify(rules.map((rule, index) => ({ ordinal: index + 1, ...rule })))]);
}
