import type {
  Capability,
  ConnectorErrorKind,
  GroupOperations,
  HttpRequest,
  HttpResponse,
  TargetTraits,
} from '@usher/connector-sdk';

/** What a connector says of itself; checked by the host before anything believes it. */
export interface Description {
  id: string;
  version: string;
  label: string;
  description: string;
  optionsSchema: Record<string, unknown>;
  protocol?: string | undefined;
  credentialKinds: string[];
}

/** What a connection can do, as it was joined with these options. */
export interface Shape {
  capabilities: Capability[];
  /** The operations on groups that it has; none when it has no groups. */
  groups: GroupOperationName[];
  detects: boolean;
  batches: boolean;
  traits?: TargetTraits | undefined;
}

/** A ConnectorError over the wire. */
export interface WireError {
  kind: ConnectorErrorKind;
  message: string;
  status?: number | undefined;
  retryAfterMs?: number | undefined;
  remoteId?: string | undefined;
  detail?: string | undefined;
  attribute?: string | undefined;
}

export const GROUP_OPERATIONS = [
  'find',
  'get',
  'create',
  'rename',
  'delete',
  'list',
  'members',
  'changeMembers',
] as const satisfies (keyof GroupOperations)[];
export type GroupOperationName = (typeof GROUP_OPERATIONS)[number];

export type OperationName =
  | `groups.${GroupOperationName}`
  | 'detect'
  | 'batch'
  | 'test'
  | 'schema'
  | 'find'
  | 'get'
  | 'create'
  | 'update'
  | 'deactivate'
  | 'reactivate'
  | 'delete'
  | 'list';

/** From the host to the child. One JSON text a line; the host is trusted by the child, never the other way round. */
export type HostMessage =
  /** The settings that operations name by `join`. `memory` tells which memory they share. */
  | { type: 'join'; join: number; options: unknown; paths: readonly string[]; memory: number }
  | { type: 'operation'; id: number; join: number; name: OperationName; request: unknown; nowMs: number }
  | { type: 'abort'; id: number }
  | { type: 'answer'; id: number; request: number; response?: HttpResponse; error?: WireError }
  | { type: 'ping' };

/** From the child to the host, as an honest child sends it. */
export type ChildMessage =
  | { type: 'hello'; description: Description }
  | { type: 'unloadable'; problem: string }
  | { type: 'joined'; join: number; shape?: Shape; problem?: string }
  | { type: 'request'; id: number; request: number; http: HttpRequest }
  | { type: 'done'; id: number; result: unknown }
  | { type: 'failed'; id: number; error: WireError }
  /** The connector threw something that is no ConnectorError. */
  | { type: 'broken'; id: number; problem: string }
  | { type: 'log'; join: number; level: 'debug' | 'warn'; message: string; fields?: Record<string, unknown> }
  | { type: 'pong'; rssBytes: number };

/** Member of a representation with what the connector reads otherwise than by its plain field names. */
export const READ_OTHERWISE = '$read';
