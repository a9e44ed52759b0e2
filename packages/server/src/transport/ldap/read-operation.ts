import { ConnectorError, type LdapFilter, type LdapRequest } from '@usher/connector-sdk';
import { z } from 'zod';

const dn = z.string().max(8_000);
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9;.-]{0,199}$/, 'must be the name of an attribute');
const value = z.string().max(1024 * 1024);
const values = z.array(value).max(10_000);

const filter: z.ZodType<LdapFilter> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(filter).max(1_000) }),
    z.strictObject({ or: z.array(filter).max(1_000) }),
    z.strictObject({ not: filter }),
    z.strictObject({ attribute: name, equals: value }),
    z.strictObject({ attribute: name, startsWith: value }),
    z.strictObject({ attribute: name, atLeast: value }),
    z.strictObject({ attribute: name, present: z.literal(true) }),
  ]),
);

const request = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('search'),
    base: dn,
    scope: z.enum(['base', 'one', 'sub']),
    filter,
    attributes: z.array(z.string().regex(/^(?:[*+]|1\.1|[A-Za-z0-9][A-Za-z0-9;.-]{0,199})$/)).max(1_000),
    limit: z.number().int().positive().optional(),
  }),
  z.strictObject({ operation: z.literal('add'), dn: dn.min(1), attributes: z.record(name, values) }),
  z.strictObject({
    operation: z.literal('modify'),
    dn: dn.min(1),
    changes: z
      .array(z.strictObject({ change: z.enum(['add', 'delete', 'replace']), attribute: name, values }))
      .min(1)
      .max(10_000),
  }),
  z.strictObject({
    operation: z.literal('rename'),
    dn: dn.min(1),
    // One RDN; the library below would take what follows a comma for the new parent.
    newRdn: z.string().regex(/^[A-Za-z0-9.-]+=(?:[^\\,+"<>;=\0]|\\[0-9a-fA-F]{2})+$/, 'must be made by buildRdn'),
    newParent: dn.min(1).optional(),
  }),
  z.strictObject({ operation: z.literal('delete'), dn: dn.min(1) }),
]);

/** Filters are walked by recursion, here and at the server. */
const DEEPEST = 30;

/** Reads an operation of a connector, which may be anybody's. Throws a ConnectorError that says what is wrong with it. */
export function parseLdapOperation(body: string): LdapRequest {
  try {
    const json: unknown = JSON.parse(body);
    if (depthOf(json, 0) > DEEPEST) throw new SyntaxError('nested too deeply');
    const { limit, newParent, ...parsed } = request.parse(json) as LdapRequest & { limit?: number; newParent?: string };
    const more = { ...(limit === undefined ? {} : { limit }), ...(newParent === undefined ? {} : { newParent }) };
    return { ...parsed, ...more } as LdapRequest;
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const what = issue ? `${issue.path.join('.') || 'it'}: ${issue.message}` : 'it is no JSON of an operation';
    throw new ConnectorError('invalid_request', `The connector's LDAP operation cannot be sent: ${what}.`);
  }
}

function depthOf(json: unknown, depth: number): number {
  if (depth > DEEPEST || typeof json !== 'object' || json === null) return depth;
  return Math.max(depth, ...Object.values(json).map((item) => depthOf(item, depth + 1)));
}
