import {
  type ChangeMembersResult,
  describeFailure,
  type Failure,
  type GroupOperations,
  type TargetGroup,
} from '@usher/connector-sdk';
import { readMembers, type ScimClient, ScimError, type ScimResource } from '@usher/scim';
import { buildConnectorError, callTarget } from './connector-failure.ts';

/** The group operations over a {@link ScimClient}; undefined where the dialect says that the target has no groups. */
export function buildScimGroups({ groups, dialect }: ScimClient): GroupOperations | undefined {
  const verbs = dialect.groups;
  const changes = verbs.patch || verbs.put;
  if (!verbs.get || !changes) return undefined;
  const show = ({ id, representation }: ScimResource): TargetGroup => {
    const name = groups.read(representation, 'displayName');
    return { remoteId: id, name: typeof name === 'string' ? name : undefined, representation };
  };
  const operations: GroupOperations = {
    find: ({ name }) => callTarget(async () => ({ groups: (await groups.find('displayName', name)).map(show) })),
    get: ({ remoteId }) =>
      callTarget(async () => {
        const found = await groups.get(remoteId);
        return found === undefined ? { found: false } : { found: true, group: show(found) };
      }),
    create: ({ name, externalId }) =>
      callTarget(async () => {
        const attributes = { displayName: name, ...(externalId === undefined ? {} : { externalId }) };
        return { group: show(await groups.create(attributes)) };
      }, ['displayName']),
    rename: ({ remoteId, name }) =>
      callTarget(async () => {
        const change = { path: 'displayName', operation: 'set', value: name } as const;
        await groups.update({ id: remoteId, changes: [change], desired: { displayName: name } });
      }, ['displayName']),
    members: ({ remoteId }) =>
      callTarget(async () => {
        const found = await groups.get(remoteId);
        const remoteIds = found === undefined ? [] : [...readMembers(found.representation)];
        return { remoteIds, isComplete: found !== undefined && dialect.members.readsComplete };
      }),
    changeMembers: async ({ remoteId, add, remove, wanted }) => {
      const toMember = ({ remoteId: id, display }: { remoteId: string; display?: string }) =>
        display === undefined ? { id } : { id, display };
      const { added, removed, refused, failure } = await callTarget(() =>
        groups.changeMembers(remoteId, {
          add: add.map(toMember),
          remove,
          ...(wanted === undefined ? {} : { wanted: wanted.map(toMember) }),
        }),
      );
      const result: ChangeMembersResult = {
        added,
        removed,
        refused: refused.map(({ id, error }) => ({ remoteId: id, failure: toFailure(error) })),
      };
      return failure === undefined ? result : { ...result, failure: toFailure(failure) };
    },
  };
  if (verbs.delete) operations.delete = ({ remoteId }) => callTarget(() => groups.delete(remoteId));
  if (verbs.list) {
    operations.list = (request) =>
      callTarget(async () => {
        const { resources, nextCursor } = await groups.list(request);
        return { groups: resources.map(show), nextCursor };
      });
  }
  return operations;
}

/** Throws what is neither the library's error nor the transport's: the end of a dry run, or of a lease. */
export function toFailure(error: Error): Failure {
  return describeFailure(error instanceof ScimError ? buildConnectorError(error) : error);
}
