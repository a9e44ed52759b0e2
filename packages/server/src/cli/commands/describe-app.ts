import type { Row } from '../api.ts';
import { formatFacts } from '../print.ts';

/** A quarantine matters more than what the app was told to do. */
export function stateOf(app: Row): string {
  return app['quarantine'] ? `quarantined (${app['quarantine'].cause})` : app['state'];
}

/** An app as an answer of the API shows it, with what a start or a save said about it. */
export function describeApp(app: Row): string {
  const { counts, quarantine, credential, triggers, deactivationLimit: limit } = app;
  const on = Object.entries(triggers).flatMap(([name, enabled]) => (enabled ? [name] : []));
  return formatFacts([
    ['App', app['name']],
    ['Label', app['label']],
    ['Description', app['description']],
    ['State', stateOf(app)],
    ['Why', quarantine?.message],
    ['Next step', quarantine?.nextStep],
    ['Next probe', quarantine?.probeAt],
    ['Connector', app['connector']],
    ['Target', app['baseUrl']],
    ['Credential', credential ? `${credential.kind}, entered ${credential.enteredAt}` : 'none'],
    ['Configuration', app['activeVersion'] === null ? 'none' : `version ${app['activeVersion']}`],
    ['Triggers on', on.join(', ') || 'none'],
    ['Deactivation limit', `${limit.count} or ${limit.percent} % an hour, the larger of both`],
    ['Stopped until', app['stoppedUntil']],
    ['Accounts', `${counts.linked} linked, ${counts.active} of them active`],
    ['Work', `${counts.due} due, ${counts.retrying} retrying, ${counts.parked} parked, ${counts.held} held`],
    ['Links marked due', app['links']],
    ...(app['warnings'] ?? []).map(
      (warning: Row) => ['Warning', `${warning['field']}: ${warning['problem']}. ${warning['fix']}`] as const,
    ),
  ]);
}
