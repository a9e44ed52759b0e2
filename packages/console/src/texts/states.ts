/** Every state of a thing in words; never by colour alone. */
export const standings = {
  'has account': 'Has account',
  'being created': 'Being created',
  'waiting for stage': 'Waiting for stage',
  'not assigned': 'Not assigned',
  held: 'Held',
  failed: 'Failed',
  parked: 'Parked',
  'app paused': 'App paused',
} as const;

export const linkStates = {
  'has account': 'Has account',
  'no account': 'No account yet',
  'account deactivated': 'Account deactivated',
  'account deleted': 'Account deleted',
  'not assigned': 'Not assigned',
  'in progress': 'Being worked on',
  retrying: 'Trying again',
  waiting: 'Waiting',
  parked: 'Parked',
  held: 'Held',
  'app draft': 'App is a draft',
  'app paused': 'App paused',
  'app quarantined': 'App quarantined',
  'app rate limited': 'App slowed down',
} as const;

export const appStates = {
  draft: 'Draft',
  active: 'Active',
  paused: 'Paused',
  quarantined: 'Quarantined',
  'rate limited': 'Slowed down',
} as const;

export const requestStates = {
  New: 'New',
  Requested: 'Requested',
  Completed: 'Completed',
  Failed: 'Failed',
  Retried: 'Retried',
  'Manually Completed': 'Done by hand',
} as const;

export const holdStates = {
  open: 'Open',
  released: 'Released',
  rejected: 'Rejected',
  closed: 'Closed by itself',
} as const;

export const planStates = {
  waiting: 'Waiting',
  running: 'Being made',
  ready: 'Ready',
  failed: 'Failed',
  cancelled: 'Cancelled',
  applying: 'Being applied',
  applied: 'Applied',
} as const;

export const operations: Record<string, string> = {
  create: 'Create',
  update: 'Update',
  deactivate: 'Deactivate',
  reactivate: 'Reactivate',
  delete: 'Delete',
  link: 'Link',
  unlink: 'Unlink',
  parked: 'Park',
};

export const fates: Record<string, string> = {
  sent: 'Sent',
  'default sent': 'Default sent',
  cleared: 'Cleared',
  unchanged: 'Unchanged',
  'nothing to clear': 'Nothing to clear',
  'left alone': 'Left alone',
  'first value only': 'First value only',
  parks: 'Parks',
  failed: 'Failed',
  'not in this operation': 'Not in this operation',
};

export const rolloutStates = {
  planned: 'Planned',
  running: 'Running',
  paused: 'Paused',
  halted: 'Halted',
  stopped: 'Stopped',
  completed: 'Completed',
  'rolled back': 'Rolled back',
  superseded: 'Replaced',
};

export const drillStates = {
  waiting: 'Waiting',
  running: 'Running',
  passed: 'Passed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
};

export const reportStates = {
  waiting: 'Waiting',
  reading: 'Reading accounts',
  matching: 'Comparing',
  ready: 'Ready',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
