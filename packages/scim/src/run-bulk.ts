import { reachesElements } from './build-patch.ts';
import {
  type BulkEntry,
  type BulkOperation,
  type BulkResult,
  buildBulkBody,
  buildBulkEntry,
  bulkIdOf,
  readBulkAnswer,
} from './bulk-operation.ts';
import { type EndpointContext, type ExchangeContext, exchange } from './exchange.ts';
import { isObject, type JsonValue } from './json.ts';
import { ScimError } from './scim-error.ts';
import { createResource, deleteResource, isMissedTarget, updateResource } from './write-resources.ts';

export interface BulkOptions {
  /** Operations may fail until this many have; what stands behind is not tried. Without it all are tried. */
  failOnErrors?: number;
}

type Endpoints = (kind: 'User' | 'Group') => EndpointContext;

const prefix = 'bulkId:';
const envelopeBytes = 200;
/** After these every further request would fail alike. */
const endsEverything = new Set(['unauthorized', 'rate_limited', 'transient']);

/**
 * Carries out operations in their order, by bulk requests (RFC 7644 §3.7) of the dialect's sizes where the target takes
 * them, and one by one where it does not (404, 405, 501), where a request is refused as a whole, and for updates that
 * need the account read. A bulk request that is too large (413) is halved. Gives one result for each operation, in
 * order, whatever happened: a bulk request without an answer makes its operations `ambiguous`. Rejects only as the
 * transport does, and only while nothing was sent.
 */
export async function runBulk(
  context: ExchangeContext,
  endpoints: Endpoints,
  operations: readonly BulkOperation[],
  options: BulkOptions,
): Promise<BulkResult[]> {
  const run: Run = {
    context,
    endpoints,
    options,
    results: [],
    ids: new Map(),
    errors: 0,
    ended: false,
    most: undefined,
  };
  await carryOutAll(
    run,
    operations.map((operation, index) => ({ operation, index })),
  );
  return operations.map((_, index) => run.results[index] ?? { outcome: 'not_tried' });
}

interface Waiting {
  operation: BulkOperation;
  /** Its place among all. */
  index: number;
}

async function carryOutAll(run: Run, waiting: readonly Waiting[]): Promise<void> {
  let batch: BulkEntry[] = [];
  const flush = async () => {
    const entries = batch;
    batch = [];
    await sendBatch(run, entries);
  };
  for (const { operation, index } of waiting) {
    let entry = prepare(run, operation, index);
    if (entry !== undefined && !fits(run, batch, entry)) {
      await flush();
      // What it refers to may have been made by now.
      entry = prepare(run, operation, index);
      if (entry !== undefined && !fits(run, [], entry)) entry = undefined;
    }
    if (entry !== undefined) batch.push(entry);
    else {
      await flush();
      await sendSingle(run, operation, index);
    }
  }
  await flush();
}

interface Run {
  context: ExchangeContext;
  endpoints: Endpoints;
  options: BulkOptions;
  results: BulkResult[];
  /** Remote ids of creates, by `bulkId`. */
  ids: Map<string, string>;
  errors: number;
  /** Nothing more is sent. */
  ended: boolean;
  /** Operations that a request may hold since one was too large. */
  most: number | undefined;
}

function mayBulk({ dialect, learned }: ExchangeContext): boolean {
  const { supported, maxOperations, maxPayloadBytes } = dialect.bulk;
  return supported && learned.bulkRefused !== true && maxOperations > 1 && maxPayloadBytes > 0;
}

function fits({ context, most }: Run, batch: readonly BulkEntry[], entry: BulkEntry): boolean {
  const { maxOperations, maxPayloadBytes } = context.dialect.bulk;
  const bytes = batch.reduce((sum, held) => sum + held.bytes, envelopeBytes + entry.bytes);
  if (batch.length >= Math.min(maxOperations, most ?? maxOperations) || bytes > maxPayloadBytes) return false;
  const references = listReferences(entry.operation);
  if (references.length === 0) return true;
  // The target puts in the id of a create of the same request, in data but not in paths; any other has to be known.
  if (entry.operation.operation !== 'create' && entry.operation.id.startsWith(prefix)) return false;
  const made = new Set(batch.map(({ operation, index }) => bulkIdOf(operation, index)));
  return references.every((bulkId) => made.has(bulkId));
}

/** The entry; `undefined` when the operation has to go alone, be it to be refused. */
function prepare(run: Run, given: BulkOperation, index: number): BulkEntry | undefined {
  if (run.ended || !mayBulk(run.context)) return undefined;
  try {
    const entry = buildBulkEntry(run.endpoints(given.kind ?? 'User'), resolve(given, run.ids), index);
    const isTooLarge = entry !== undefined && entry.bytes + envelopeBytes > run.context.dialect.bulk.maxPayloadBytes;
    return isTooLarge ? undefined : entry;
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

async function sendBatch(run: Run, entries: readonly BulkEntry[]): Promise<void> {
  if (entries.length === 0 || run.ended) return;
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) return sendSingle(run, only.operation, only.index);
  const allowed = run.options.failOnErrors;
  try {
    const payload = buildBulkBody(entries, allowed === undefined ? undefined : Math.max(1, allowed - run.errors));
    const { body } = await exchange(run.context, { method: 'POST', path: 'Bulk', payload, effect: 'write' });
    if (body.form !== 'json') throw new ScimError('ambiguous', 'POST Bulk was answered without results.');
    await keepAnswers(run, entries, readBulkAnswer(body.value, entries));
  } catch (error) {
    await recover(run, entries, error);
  }
}

async function keepAnswers(run: Run, entries: readonly BulkEntry[], found: (BulkResult | undefined)[]): Promise<void> {
  const allowed = run.options.failOnErrors ?? Number.POSITIVE_INFINITY;
  for (const [at, { index, operation }] of entries.entries()) {
    const result = found[at];
    if (result?.outcome === 'failed' && isMissed(operation, result.error))
      await sendSingle(run, operation, index, true);
    else if (result !== undefined) keep(run, index, operation, result);
  }
  const isStopped = run.errors >= allowed;
  for (const [at, { index, operation, wire }] of entries.entries()) {
    if (found[at] !== undefined || isStopped) continue;
    const message = `POST Bulk was answered without a result for ${wire.method} ${wire.path.slice(1)}. Read it before writing again.`;
    keep(run, index, operation, { outcome: 'failed', error: new ScimError('ambiguous', message) });
  }
}

/** A value path that selects nothing is mended by a single update, which reads the account. */
function isMissed(operation: BulkOperation, error: ScimError): boolean {
  return operation.operation === 'update' && isMissedTarget(error) && reachesElements(operation.changes);
}

async function recover(run: Run, entries: readonly BulkEntry[], error: unknown): Promise<void> {
  if (!(error instanceof ScimError)) {
    if (run.results.length === 0) throw error;
    const message = 'The bulk request had no answer, so what it did is not known. Read before writing again.';
    return failAll(run, entries, new ScimError('ambiguous', message, { cause: error }));
  }
  if (error.status === 413) {
    run.most = Math.ceil(entries.length / 2);
    return carryOutAll(run, entries);
  }
  const isRefused = error.status === 404 || error.status === 405 || error.status === 501;
  if (isRefused) run.context.learned.bulkRefused = true;
  if (!isRefused && error.kind !== 'invalid_request') return failAll(run, entries, error);
  for (const { operation, index } of entries) await sendSingle(run, operation, index);
}

function failAll(run: Run, entries: readonly BulkEntry[], error: ScimError): void {
  for (const { index, operation } of entries) keep(run, index, operation, { outcome: 'failed', error });
  run.ended = true;
}

async function sendSingle(run: Run, given: BulkOperation, index: number, again = false): Promise<void> {
  if (run.ended && !again) return;
  const endpoint = run.endpoints(given.kind ?? 'User');
  try {
    const operation = resolve(given, run.ids);
    const [unmade] = listReferences(operation);
    if (unmade !== undefined) throw buildReferenceError(unmade);
    keep(run, index, given, await carryOut(endpoint, operation));
  } catch (error) {
    if (!(error instanceof ScimError) && run.results.length === 0) throw error;
    const failure = toFailure(error);
    keep(run, index, given, failure);
    if (endsEverything.has(failure.error.kind) || !(error instanceof ScimError)) run.ended = true;
  }
}

async function carryOut(endpoint: EndpointContext, operation: BulkOperation): Promise<BulkResult> {
  if (operation.operation === 'create') {
    const resource = await createResource(endpoint, operation.attributes);
    return { outcome: 'done', id: resource.id, resource };
  }
  const { id } = operation;
  if (operation.operation === 'delete') await deleteResource(endpoint, id, operation.version);
  const resource = operation.operation === 'update' ? await updateResource(endpoint, operation) : undefined;
  return { outcome: 'done', id, resource };
}

function keep(run: Run, index: number, operation: BulkOperation, result: BulkResult): void {
  run.results[index] = result;
  if (result.outcome === 'done' && operation.operation === 'create') run.ids.set(bulkIdOf(operation, index), result.id);
  if (result.outcome === 'failed') run.errors += 1;
  if (run.errors >= (run.options.failOnErrors ?? Number.POSITIVE_INFINITY)) run.ended = true;
}

function toFailure(error: unknown): { outcome: 'failed'; error: ScimError } {
  if (error instanceof ScimError) return { outcome: 'failed', error };
  const message = 'The request had no answer, so what it did is not known. Read before writing again.';
  return { outcome: 'failed', error: new ScimError('ambiguous', message, { cause: error }) };
}

/** The operation with every reference that is known replaced by the id. */
function resolve(operation: BulkOperation, ids: ReadonlyMap<string, string>): BulkOperation {
  if (ids.size === 0 || listReferences(operation).length === 0) return operation;
  return replaceReferences(operation as unknown as JsonValue, ids) as unknown as BulkOperation;
}

function replaceReferences(value: JsonValue, ids: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === 'string')
    return value.startsWith(prefix) ? (ids.get(value.slice(prefix.length)) ?? value) : value;
  if (Array.isArray(value)) return value.map((inner) => replaceReferences(inner, ids));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaceReferences(inner, ids)]));
}

function listReferences(operation: BulkOperation): string[] {
  const found = JSON.stringify(operation).matchAll(/"bulkId:((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, text = '']) => JSON.parse(`"${text}"`) as string);
}

function buildReferenceError(bulkId: string): ScimError {
  return new ScimError(
    'invalid_request',
    `The operation refers to the create "${bulkId}", which failed or does not come before it. Send it when that one is done.`,
  );
}
