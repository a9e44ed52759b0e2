/** The view state of each list, as it stands in the address; apart from the pages, which are fetched later. */

export const HOLD_SEARCH = {
  app: 'text',
  cause: 'text',
  operation: ['create', 'update', 'deactivate', 'reactivate', 'delete'],
  state: ['released', 'rejected', 'closed', 'all'],
  hold: 'text',
} as const;

export const LOG_SEARCH = {
  app: 'text',
  user: 'text',
  operation: ['create', 'update', 'deactivate', 'reactivate', 'delete', 'link'],
  state: ['New', 'Requested', 'Completed', 'Failed', 'Retried', 'Manually Completed'],
  cause: 'text',
  from: 'text',
  to: 'text',
  view: ['causes'],
  live: ['on'],
  request: 'text',
} as const;

export const AUDIT_SEARCH = {
  action: 'text',
  actor: 'text',
  app: 'text',
  user: 'text',
  from: 'text',
  to: 'text',
  event: 'text',
} as const;

export const ENTITLEMENT_SEARCH = { kind: ['permission-set', 'permission-set-group'], q: 'text' } as const;

export const SETUP_SEARCH = { step: ['app', 'protocol', 'credential', 'mapping', 'policies', 'start'] } as const;

export const PLAN_SEARCH = {
  operation: ['create', 'update', 'deactivate', 'reactivate', 'delete', 'unlink', 'link', 'parked'],
  attribute: 'text',
  cause: 'text',
  movement: ['enters', 'leaves'],
} as const;

export const MATCHING_SEARCH = {
  category: ['matched', 'ambiguous', 'missing', 'orphaned', 'inactive', 'duplicate'],
  standing: ['entitled', 'out of scope', 'not assigned', 'inactive', 'deleted'],
  decided: ['true', 'false'],
  active: ['true', 'false'],
  matchedBy: 'text',
  name: 'text',
} as const;
