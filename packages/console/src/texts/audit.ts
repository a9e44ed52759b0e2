/** What was done, as it follows a name: "Ada paused the app Slack". */
const ACTIONS: Record<string, string> = {
  'user.created': 'created a user',
  'user.updated': 'changed a user',
  'user.deleted': 'deleted a user',
  'user.restored': 'restored a user',
  'user.erased': 'erased the personal data of a user',
  'users.imported': 'imported users',
  'app.created': 'connected an app',
  'app.updated': 'changed an app',
  'app.deleted': 'deleted an app',
  'app.activated': 'activated an app',
  'app.paused': 'paused an app',
  'app.resumed': 'resumed an app',
  'app.configured': 'saved a configuration',
  'app.planned': 'planned a configuration',
  'app.plan_applied': 'applied a plan',
  'app.assigned': 'granted an app',
  'app.unassigned': 'took the grant of an app away',
  'app.triggers_changed': 'changed the triggers of an app',
  'app.credential_entered': 'entered the credential of an app',
  'app.credential_forgotten': 'forgot the credential of an app',
  'app.quarantined': 'quarantined an app',
  'hold.released': 'released a hold',
  'hold.rejected': 'rejected a hold',
  'hold.closed': 'closed a hold',
  'link.made': 'linked an account',
  'link.unlinked': 'unlinked an account',
  'link.transferred': 'transferred an account',
  'link.provisioned_on_demand': 'provisioned a user now',
  'request.retried': 'tried requests again',
  'request.completed_manually': 'recorded a request as done by hand',
  'key.created': 'made an API key',
  'key.revoked': 'revoked an API key',
  'key.refused': 'was refused with a key',
  'access.limited': 'was slowed down after wrong keys',
  'organization.changed': 'changed the organisation',
  'retention.changed': 'changed the retention',
  'instance.restored': 'restored the instance from a backup',
};

/** An action that this console does not know yet is shown by its name, in words. */
export function describeAction({ action, app }: { action: string; app: string | null }): string {
  const text = ACTIONS[action] ?? action.replace(/[._]/g, ' ');
  return app === null ? text : `${text}: ${app}`;
}

export const auditActions = ACTIONS;

export const auditTexts = {
  title: 'Audit',
  lead: 'Everything that changed something, one event a change. Nothing here can be edited or removed.',
  columns: { at: 'Time', actor: 'Who', action: 'What', thing: 'Thing', reason: 'Reason', origin: 'From' },
  filterAction: 'Action',
  filterActor: 'Who',
  filterApp: 'App',
  from: 'From',
  to: 'To',
  emptyTitle: 'No event fits',
  emptyBody: 'Widen the time or clear a filter.',
  neverTitle: 'Nothing was changed yet',
  neverBody: 'The first change will be here a moment after it was made.',
  before: 'Before',
  after: 'After',
  diff: 'What changed',
  noDiff: 'The event has no values.',
  field: 'Field',
  exportCsv: 'Export CSV',
  exportJson: 'Export JSON lines',
  exporting: (count: number) => `${count} events so far`,
  by: { 'api key': 'API key', person: 'Person', 'command line': 'Command line', system: 'Usher itself' },
};
