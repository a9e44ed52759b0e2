import { Button } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconLock, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { read } from '../../api/read.ts';
import { useNewestConfiguration } from '../../configuration/use-configuration.ts';
import { LinkButton } from '../../parts/link-button.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { setupTexts as texts } from '../../texts/setup.ts';
import { type App, useApp } from '../app/use-app.ts';
import { ReadinessList } from './readiness-list.tsx';
import classes from './setup-page.module.css';
import { listSteps, STEPS, type Step, type StepName } from './steps.ts';
import { useConnectionTest, useTargetSchema } from './use-target.ts';

// Each step has an address of its own, and is fetched with it.
const AppStep = lazy(() => import('./app-step.tsx').then(({ AppStep: step }) => ({ default: step })));
const ProtocolStep = lazy(() => import('./protocol-step.tsx').then(({ ProtocolStep: step }) => ({ default: step })));
const CredentialStep = lazy(() =>
  import('./credential-step.tsx').then(({ CredentialStep: step }) => ({ default: step })),
);
const MappingStep = lazy(() => import('./mapping-step.tsx').then(({ MappingStep: step }) => ({ default: step })));
const PolicyStep = lazy(() => import('./policy-step.tsx').then(({ PolicyStep: step }) => ({ default: step })));
const StartStep = lazy(() => import('./start-step.tsx').then(({ StartStep: step }) => ({ default: step })));
const route = getRouteApi('/shell/apps/$app/setup');

/** The six pieces in order, each checked live, with how all of them stand always in sight. */
export function SetupPage() {
  const app = useApp();
  const { step: asked } = route.useSearch();
  const steps = useSteps(app);
  const first = steps?.find(({ state }) => state !== 'done')?.name ?? 'start';
  const here: StepName = asked ?? first;
  if (!steps) return <Lines count={8} height={18} />;
  return (
    <div className={classes['wizard']}>
      <div className={classes['side']}>
        <nav aria-label={texts.stepsLabel} className={classes['steps']}>
          <ol>
            {steps.map((step, index) => (
              <li key={step.name}>
                <Link
                  to="/apps/$app/setup"
                  params={{ app: app.name }}
                  search={{ step: step.name }}
                  className={classes['step']}
                  data-state={step.state}
                  data-here={step.name === here || undefined}
                  aria-current={step.name === here ? 'step' : undefined}
                >
                  <StepMark step={step} index={index} />
                  <span className={classes['stepText']}>
                    <strong>{texts.steps[step.name]}</strong>
                    <span className={classes['stepSummary']}>{step.summary}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ol>
          <p className="dim">{texts.leave}</p>
        </nav>
        <ReadinessList app={app} />
      </div>
      <div className="stack">
        <Suspense fallback={<Lines count={8} height={18} />}>
          <StepBody name={here} app={app} steps={steps} />
        </Suspense>
        <StepFoot name={here} app={app} steps={steps} />
      </div>
    </div>
  );
}

function useSteps(app: App): Step[] | undefined {
  const connectors = useQuery({ ...read('/api/v1/connectors', {}), staleTime: 60_000 });
  const newest = useNewestConfiguration(app.name);
  const grants = useQuery(read('/api/v1/apps/{app}/assignments', { params: { path: { app: app.name } } }));
  const test = useConnectionTest(app);
  const schema = useTargetSchema(app, test.data?.ok ?? false);
  if (!connectors.data || newest.data === undefined || !grants.data) return undefined;
  return listSteps({
    app,
    credentialKinds: connectors.data.items.find(({ id }) => id === app.connector)?.credentialKinds ?? [],
    newest: newest.data,
    grants: grants.data.items.length,
    test: test.data,
    demanded: (schema.data?.attributes ?? []).filter(isDemanded).map(({ path }) => path),
  });
}

function isDemanded({ required, mutability, path }: { required: boolean; mutability: string; path: string }): boolean {
  return required && mutability !== 'readOnly' && !path.includes('.');
}

const MARKS = { done: IconCheck, todo: IconCircleDashed, closed: IconLock, failed: IconX };

function StepMark({ step, index }: { step: Step; index: number }) {
  const Mark = MARKS[step.state];
  return (
    <span className={classes['mark']} data-state={step.state}>
      <Mark size={15} stroke={2.2} aria-hidden />
      <span className="only-screen-reader">
        {index + 1}. {texts.states[step.state]}:
      </span>
    </span>
  );
}

function StepBody({ name, app, steps }: { name: StepName; app: App; steps: readonly Step[] }) {
  switch (name) {
    case 'app':
      return <AppStep app={app} />;
    case 'protocol':
      return <ProtocolStep app={app} />;
    case 'credential':
      return <CredentialStep app={app} />;
    case 'mapping':
      return <MappingStep app={app} />;
    case 'policies':
      return <PolicyStep app={app} />;
    case 'start':
      return <StartStep app={app} steps={steps} />;
  }
}

/** Going on is never silent: where a step is not done, it says what is missing. */
function StepFoot({ name, app, steps }: { name: StepName; app: App; steps: readonly Step[] }) {
  const at = STEPS.indexOf(name);
  const before = STEPS[at - 1];
  const after = STEPS[at + 1];
  const present = steps.find((step) => step.name === name);
  return (
    <div className="row">
      {before ? (
        <LinkButton to="/apps/$app/setup" params={{ app: app.name }} search={{ step: before }}>
          {texts.back}
        </LinkButton>
      ) : null}
      <span className="grow" />
      {after && present?.state === 'done' ? (
        <LinkButton to="/apps/$app/setup" params={{ app: app.name }} search={{ step: after }} variant="filled">
          {texts.next}: {texts.steps[after]}
        </LinkButton>
      ) : null}
      {after && present?.state !== 'done' ? (
        <>
          <span className="dim">{present?.summary}</span>
          <Button disabled>{texts.next}</Button>
        </>
      ) : null}
    </div>
  );
}
