import {
  type AppGround,
  CONFIGURATION_INPUT,
  type ConfigurationDocument,
  type ConnectedApp,
  checkConfiguration,
  describeApp,
  getApp,
  getVersion,
  type TestStep,
  testApp,
  toInput,
  UnusableAppError,
} from '../apps/index.ts';
import { forecastCredentials } from '../credentials/index.ts';
import { findLatestPassed, findPassedWith, fingerprintOf } from '../drill/index.ts';
import { TRIGGER_EFFECTS, TRIGGERS, type TriggerName } from '../planning/index.ts';
import type { FieldProblem } from '../refusal.ts';
import {
  type Blocker,
  buildPiece,
  type Check,
  failed,
  judgeLevels,
  type Level,
  type Piece,
  passed,
  type Readiness,
} from './readiness.ts';
import { findTrial, findVersionInQuestion } from './sql/find-trial.ts';

/** Looks at every piece of an app now: the target is asked. `version` absent: the one that is brought to people. */
export async function checkReadiness(ground: AppGround, idOrName: string, version?: number): Promise<Readiness> {
  const app = await getApp(ground, idOrName);
  const asked = version ?? (await findVersionInQuestion(ground.pool, app.id));
  const document = asked === null ? undefined : (await getVersion(ground, app.id, app.name, asked)).document;
  const steps = await testApp(ground, app.name, document);
  const pieces = [
    await lookAtApp(ground, app, steps),
    lookAtProtocol(app, steps),
    await lookAtCredential(ground, app, steps),
    await lookAtMapping(ground, app, document),
    lookAtTriggers(app),
    await lookAtTrial(ground, app, asked, document),
  ];
  return { app: app.name, version: asked, checkedAt: ground.clock.now(), pieces, levels: judgeLevels(pieces) };
}

/** What is red on the way to a level. */
export async function findBlockers(
  ground: AppGround,
  app: Pick<ConnectedApp, 'name'>,
  level: Level,
  version?: number,
): Promise<Blocker[]> {
  return (await checkReadiness(ground, app.name, version)).levels[level].blockers;
}

/** What each step of the connection test looks at. */
const STEP_WORDS: Record<TestStep['step'], string> = {
  address: 'The address',
  connect: 'The connection',
  tls: 'The encryption',
  http: 'The answer over HTTP',
  credential: 'The credential',
  discovery: 'What the target says of itself',
  read: 'A harmless read',
};

/** The checks of these steps of the connection test; a step that was not come to is red too. */
function fromSteps(
  steps: readonly TestStep[],
  names: readonly TestStep['step'][],
  needed: TestStep['step'][],
): Check[] {
  const checks = steps
    .filter(({ step }) => names.includes(step))
    .map(({ step, ok, message, fix, detail }) => {
      const told = detail ? `${message} (${detail})` : message;
      return ok ? passed(step, told) : failed(step, told, fix ?? 'Test the connection.');
    });
  const broken = steps.find(({ ok }) => !ok);
  const missing = needed.filter((name) => !steps.some(({ step }) => step === name));
  const fix = broken?.fix ?? 'Mend that first.';
  return [
    ...checks,
    ...missing.map((name) =>
      failed(
        name,
        `${STEP_WORDS[name]} was not looked at, since ${broken ? lowered(STEP_WORDS[broken.step]) : 'a step before'} failed`,
        fix,
      ),
    ),
  ];
}

function lowered(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

async function lookAtApp(ground: AppGround, app: ConnectedApp, steps: readonly TestStep[]): Promise<Piece> {
  const checks = fromSteps(steps, ['address', 'connect', 'tls', 'http'], ['http']);
  const { credential } = await describeApp(ground, app.name);
  const connector = ground.connectors.find(({ id }) => id === app.connector);
  const fix = 'Enter the credential, or authorize the app.';
  if (credential && !credential.isForBaseUrl) {
    checks.push(failed('credential entered', `It was entered for ${credential.origins.join(', ')}`, 'Enter it again.'));
  } else if (credential) checks.push(passed('credential entered', `There is one (${credential.kind})`));
  else if (connector?.credentialKinds.includes('none') && !steps.some(({ step, ok }) => step === 'credential' && !ok)) {
    checks.push(passed('credential entered', 'There is none, and none is asked for'));
  } else checks.push(failed('credential entered', 'No credential was entered', fix));
  const { quarantine } = app;
  if (quarantine && quarantine.cause !== 'credential') {
    checks.push(failed('quarantine', quarantine.detail.message, quarantine.detail.nextStep));
  }
  return buildPiece('app', checks);
}

function lookAtProtocol(app: ConnectedApp, steps: readonly TestStep[]): Piece {
  return buildPiece('protocol', fromSteps(steps, ['discovery'], isScim(app) ? ['discovery'] : []));
}

function isScim({ connector }: ConnectedApp): boolean {
  return connector === 'scim2' || connector === 'scim1';
}

async function lookAtCredential(ground: AppGround, app: ConnectedApp, steps: readonly TestStep[]): Promise<Piece> {
  const checks = fromSteps(steps, ['credential', 'read'], ['read']);
  const { quarantine } = app;
  if (quarantine?.cause === 'credential') {
    checks.push(failed('quarantine', quarantine.detail.message, quarantine.detail.nextStep));
  }
  const forecasts = await forecastCredentials(ground.pool, ground.clock.now());
  const forecast = forecasts.find((one) => one.app === app.name);
  const warnings = [];
  if (forecast?.outlook === 'dead' && forecast.problem) {
    checks.push(failed('life', forecast.problem, forecast.nextStep ?? 'Authorize the app again.'));
  } else if (forecast?.outlook === 'critical' || forecast?.outlook === 'soon') {
    const [first] = forecast.ends;
    const message = first ? `It ends in ${first.daysLeft} days: ${first.why}` : 'It ends soon';
    warnings.push({ message, fix: 'Renew it before.' });
  }
  return buildPiece('credential', checks, warnings);
}

async function lookAtMapping(
  ground: AppGround,
  app: ConnectedApp,
  document: ConfigurationDocument | undefined,
): Promise<Piece> {
  if (!document) {
    const fix = `Save a configuration: GET /api/v1/apps/${app.name}/mapping/proposal proposes one.`;
    return buildPiece('mapping', [failed('saved', 'No configuration is saved', fix, 'mapping')]);
  }
  const input = CONFIGURATION_INPUT.safeParse(toInput(document));
  if (!input.success) {
    const message = 'The configuration was saved by another Usher and has another form';
    return buildPiece('mapping', [failed('saved', message, 'Save it anew.')]);
  }
  const saved = passed(
    'saved',
    `${document.mapping.length} rules, matched by ${document.correlation.matchingAttributes.join(', ')}`,
  );
  try {
    const verdict = await checkConfiguration(ground, app, input.data);
    const red = (check: string, found: FieldProblem[]) =>
      found.map(({ field, problem, fix }) => failed(check, `${field}: ${problem}`, fix));
    const problems = [...red('rules', verdict.problems), ...red('tests', verdict.testFailures)];
    const warnings = verdict.warnings.map(({ field, problem, fix }) => ({ message: `${field}: ${problem}`, fix }));
    const { tests } = verdict;
    if (verdict.problems.length === 0)
      problems.unshift(passed('rules', 'Every rule works, and every required attribute has one'));
    if (tests.length > 0 && verdict.testFailures.length === 0) problems.push(passed('tests', `${tests.length} pass`));
    return buildPiece('mapping', [saved, ...problems], warnings);
  } catch (error) {
    if (!(error instanceof UnusableAppError)) throw error;
    return buildPiece('mapping', [saved, failed('rules', error.problem, error.fix)]);
  }
}

function lookAtTriggers({ triggers }: ConnectedApp): Piece {
  const off = TRIGGERS.filter((name) => !triggers[name]);
  const effectOf = (name: TriggerName) => TRIGGER_EFFECTS[name].off.toLowerCase();
  const warnings = off
    .filter((name) => name !== 'deactivate')
    .map((name) => ({ message: `${name} is off: ${effectOf(name)}`, fix: 'Turn it on, unless that is wanted.' }));
  const checks = [
    triggers.deactivate
      ? passed('deactivate', 'On: leavers lose access')
      : failed('deactivate', `Off: ${effectOf('deactivate')}`, 'Turn the deactivate trigger on.'),
    off.length === TRIGGERS.length
      ? failed('some', 'Every trigger is off: nothing would happen', 'Turn on what is wanted; most turn on all four.')
      : passed('some', `On: ${TRIGGERS.filter((name) => triggers[name]).join(', ')}`),
  ];
  return buildPiece('triggers', checks, warnings);
}

async function lookAtTrial(
  ground: AppGround,
  app: ConnectedApp,
  version: number | null,
  document: ConfigurationDocument | undefined,
): Promise<Piece> {
  if (version === null || !document) {
    const fix = 'Save one first.';
    return buildPiece('trial', [
      failed('drill', 'There is no configuration to run a drill with yet', fix),
      failed('pilot', 'There is no configuration to name a pilot for yet', fix),
    ]);
  }
  return buildPiece('trial', [
    await lookAtDrill(ground, app, document, version),
    await lookAtPilot(ground, app, version),
  ]);
}

async function lookAtDrill(
  ground: AppGround,
  app: ConnectedApp,
  document: ConfigurationDocument,
  version: number,
): Promise<Check> {
  const held = await findPassedWith(ground.pool, app.id, fingerprintOf(app, document));
  if (held) return passed('drill', `Passed on ${held.createdAt.toISOString()} with ${held.username}`);
  const earlier = await findLatestPassed(ground.pool, app.id);
  const message = earlier
    ? 'The connector options or what the mapping says of active changed since the last drill that passed'
    : 'No drill has shown that an account can be taken away and given back';
  const under = version === app.activeVersion ? '' : ` --configuration-version ${version}`;
  const fix = `Run one on a test user: usher drill run ${app.name} --user USER${under}.`;
  return failed('drill', message, fix, 'drill');
}

async function lookAtPilot(ground: AppGround, app: ConnectedApp, version: number): Promise<Check> {
  const trial = await findTrial(ground.pool, app.id, version);
  if (trial?.withoutRollout) return passed('pilot', `Version ${version} serves everyone: ${trial.withoutRollout}`);
  if (trial && trial.named > 0) {
    const what =
      trial.named === 1 ? 'one user, profile or permission set' : `${trial.named} users, profiles or permission sets`;
    return passed('pilot', `Rollout ${trial.id} is ${trial.state}, and its pilot names ${what}`);
  }
  // An app that worked before there were rollouts counts as fully rolled out.
  if (!trial && app.state !== 'draft' && app.activeVersion === version && app.rolloutId === null) {
    return passed('pilot', `Version ${version} serves everyone already`);
  }
  const fix = `Name people who will tell you when something is wrong: usher rollouts plan ${app.name} --user USER.`;
  return failed('pilot', `No rollout of version ${version} names a pilot`, fix, 'pilot');
}
