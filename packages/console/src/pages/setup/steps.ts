import type { Configuration } from '../../configuration/use-configuration.ts';
import { listed } from '../../texts/format.ts';
import { setupTexts as texts } from '../../texts/setup.ts';
import type { App } from '../app/use-app.ts';

export const STEPS = ['app', 'protocol', 'credential', 'mapping', 'policies', 'start'] as const;
export type StepName = (typeof STEPS)[number];

export interface Step {
  readonly name: StepName;
  readonly state: 'done' | 'todo' | 'closed' | 'failed';
  /** How it stands, or what is to be done. */
  readonly summary: string;
}

export interface ConnectionTest {
  readonly ok: boolean;
  readonly steps: readonly { step: string; ok: boolean; message: string; fix?: string; detail?: string }[];
}

export interface Facts {
  readonly app: App;
  readonly credentialKinds: readonly string[];
  readonly newest: { version: number; configuration: Configuration } | null;
  readonly grants: number;
  /** The last one; undefined before the first. */
  readonly test: ConnectionTest | undefined;
  /** Attributes that the target demands. */
  readonly demanded: readonly string[];
}

/** The six pieces in their order, each with how it stands and why it is not open yet. Pure. */
export function listSteps(facts: Facts): Step[] {
  const steps: Step[] = [
    { name: 'app', state: 'done', summary: facts.app.baseUrl },
    protocolStep(facts),
    credentialStep(facts),
    mappingStep(facts),
    policyStep(facts),
  ];
  return [...steps, startStep(facts, steps)];
}

function protocolStep({ app, test, newest }: Facts): Step {
  const asked = test?.steps.find(({ step }) => step === 'discovery');
  if (asked?.ok) return { name: 'protocol', state: 'done', summary: asked.message };
  if (newest) return { name: 'protocol', state: 'done', summary: app.connector };
  return { name: 'protocol', state: 'todo', summary: texts.summaries.protocolNo };
}

function credentialStep({ app, credentialKinds, test }: Facts): Step {
  const name = 'credential';
  const { summaries } = texts;
  if (!app.credential && !credentialKinds.includes('none'))
    return { name, state: 'todo', summary: summaries.credentialNo };
  if (app.credential && !app.credential.isForBaseUrl)
    return { name, state: 'failed', summary: summaries.credentialElsewhere };
  if (!test)
    return { name, state: 'todo', summary: app.credential ? summaries.credentialUntested : summaries.credentialNo };
  const failed = test.steps.find(({ ok }) => !ok);
  if (failed) {
    const step = texts.credential.steps[failed.step] ?? failed.step;
    return { name, state: 'failed', summary: summaries.credentialFailed(step) };
  }
  const kind = app.credential ? (texts.credential.kinds[app.credential.kind] ?? app.credential.kind) : undefined;
  return { name, state: 'done', summary: kind ? summaries.credentialLive(kind) : summaries.credentialNone };
}

function mappingStep({ newest, demanded }: Facts): Step {
  const name = 'mapping';
  if (!newest) return { name, state: 'todo', summary: texts.summaries.mappingNo };
  const { mapping } = newest.configuration;
  const mapped = new Set(mapping.map(({ target }) => target.toLowerCase()));
  const missing = demanded.filter((path) => !mapped.has(path.toLowerCase()));
  if (missing.length > 0) return { name, state: 'failed', summary: texts.summaries.mappingMissing(listed(missing)) };
  return { name, state: 'done', summary: texts.summaries.mapping(mapping.length, newest.version) };
}

function policyStep({ app, grants }: Facts): Step {
  const name = 'policies';
  if (grants === 0) return { name, state: 'todo', summary: texts.summaries.grantsNo };
  const off = Object.values(app.triggers).filter((on) => !on).length;
  return { name, state: 'done', summary: texts.summaries.policies(grants, off) };
}

function startStep({ app }: Facts, before: readonly Step[]): Step {
  const name = 'start';
  if (app.state === 'active') return { name, state: 'done', summary: texts.summaries.startActive };
  const open = before.filter(({ state }) => state !== 'done').map((step) => texts.steps[step.name]);
  if (open.length > 0) return { name, state: 'closed', summary: texts.closed.all(listed(open)) };
  return {
    name,
    state: 'todo',
    summary: app.state === 'paused' ? texts.summaries.startPaused : texts.summaries.startDraft,
  };
}
