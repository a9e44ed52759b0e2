import { markApp } from '../marking/index.ts';
import type { Triggers } from '../planning/index.ts';
import type { FieldProblem } from '../refusal.ts';
import { type AppChange, type AppCommand, changeApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import type { ConnectedApp } from './connected-app.ts';
import { assertConnector, readBaseUrl } from './create-app.ts';
import { findCredential } from './sql/credentials.ts';
import { endStop, markUnverified, updateApp } from './sql/write-apps.ts';

/** What a person may change of an app besides its versions; what is left out stays. */
export interface AppEdit {
  label?: string | undefined;
  description?: string | null | undefined;
  connector?: string | undefined;
  baseUrl?: string | undefined;
  deactivationLimit?: { count?: number | undefined; percent?: number | undefined } | undefined;
  maxConcurrency?: number | undefined;
  maxPerSecond?: number | null | undefined;
}

/**
 * Changes an app, effective at once. Another connector or address is another target as far as anybody can tell: the app
 * is paused, every link is read there before anything is written, and a credential entered for another origin is not
 * sent until it is entered again. Gives what a person should know of it.
 */
export async function editApp(ground: AppGround, command: AppCommand, edit: AppEdit): Promise<FieldProblem[]> {
  if (edit.connector !== undefined) assertConnector(ground, edit.connector);
  return changeApp(ground, command, async (change) => {
    const { app } = change;
    const edited = applyEdit(app, edit);
    const [before, after] = listDifferences(app, edited);
    if (Object.keys(after).length === 0) return [];
    const isOtherTarget = edited.connector !== app.connector || edited.baseUrl !== app.baseUrl;
    if (!isOtherTarget) {
      await updateApp(change.db, edited, change.now);
      await change.audit('app.changed', { before, after });
      return [];
    }
    readBaseUrl(ground, edited.baseUrl, edited.connector);
    const state = app.state === 'active' ? 'paused' : app.state;
    await moveApp(change, { ...edited, state });
    const states = state === app.state ? [{}, {}] : [{ state: app.state }, { state }];
    await change.audit('app.moved', { before: { ...before, ...states[0] }, after: { ...after, ...states[1] } });
    return warnOfMove(ground, change, { ...edited, state });
  });
}

function applyEdit(app: ConnectedApp, edit: AppEdit): ConnectedApp {
  const { deactivationLimit, ...plain } = edit;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const limit = Object.entries(deactivationLimit ?? {}).filter(([, value]) => value !== undefined);
  return {
    ...app,
    ...given,
    deactivationLimit: { ...app.deactivationLimit, ...Object.fromEntries(limit) },
  };
}

const EDITABLE = [
  'label',
  'description',
  'connector',
  'baseUrl',
  'deactivationLimit',
  'maxConcurrency',
  'maxPerSecond',
] as const;

function listDifferences(app: ConnectedApp, edited: ConnectedApp): [before: object, after: object] {
  const changed = EDITABLE.filter((name) => JSON.stringify(app[name]) !== JSON.stringify(edited[name]));
  const pick = (from: ConnectedApp) => Object.fromEntries(changed.map((name) => [name, from[name]]));
  return [pick(app), pick(edited)];
}

async function moveApp({ db, now }: AppChange, moved: ConnectedApp): Promise<void> {
  await updateApp(db, moved, now);
  await endStop(db, moved.id);
  await markUnverified(db, moved.id);
  await markApp(db, now, moved.id);
}

async function warnOfMove(ground: AppGround, { db, app }: AppChange, moved: ConnectedApp): Promise<FieldProblem[]> {
  const warnings: FieldProblem[] = [];
  if (app.state === 'active') {
    const problem = 'the app was paused: its target is another one now';
    warnings.push({ field: 'state', problem, fix: 'Test the connection and resume the app.' });
  }
  const credential = await findCredential(db, app.id);
  const { origin } = readBaseUrl(ground, moved.baseUrl, moved.connector);
  if (credential && !credential.origins.includes(origin)) {
    const problem = `the credential was entered for ${credential.origins.join(', ')} and is not sent to ${origin}`;
    warnings.push({ field: 'credential', problem, fix: 'Enter it again.' });
  }
  return warnings;
}

/** Turns triggers on or off, effective at once; what is left out stays. What waits for one turned on becomes due. */
export async function setTriggers(ground: AppGround, command: AppCommand, wanted: Partial<Triggers>): Promise<void> {
  await changeApp(ground, command, async ({ db, app, now, audit }) => {
    const given = Object.entries(wanted).filter(([, on]) => on !== undefined);
    const triggers: Triggers = { ...app.triggers, ...Object.fromEntries(given) };
    const names = Object.keys(triggers) as (keyof Triggers)[];
    const changed = names.filter((name) => triggers[name] !== app.triggers[name]);
    if (changed.length === 0) return;
    await updateApp(db, { ...app, triggers }, now);
    if (changed.some((name) => triggers[name])) await markApp(db, now, app.id);
    await audit('app.triggers_changed', { before: app.triggers, after: triggers });
  });
}
