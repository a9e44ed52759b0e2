import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { checkConfiguration, useNewestConfiguration } from '../../configuration/use-configuration.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts } from '../../texts/apps.ts';
import { setupTexts } from '../../texts/setup.ts';
import type { App } from '../app/use-app.ts';
import classes from './setup-page.module.css';
import type { Step } from './steps.ts';

const texts = setupTexts.start;

/** What will and what will not happen, then the start. */
export function StartStep({ app, steps }: { app: App; steps: readonly Step[] }) {
  const { can } = useSession();
  const newest = useNewestConfiguration(app.name);
  const ready = steps.every(({ name, state }) => name === 'start' || state === 'done');
  const effect = useQuery({
    queryKey: ['effect', app.name, newest.data?.version],
    queryFn: ({ signal }) => checkConfiguration(app.name, newest.data?.configuration ?? { mapping: [] }, signal),
    enabled: ready && newest.data != null && can('apps:write'),
    retry: false,
  });
  const refresh = useAct(async () => {}, {});
  const headline = effect.data?.effect?.headline;
  const open = steps.filter(({ name, state }) => name !== 'start' && state !== 'done');
  return (
    <Panel title={texts.title}>
      <div className="stack">
        {app.state === 'active' ? <Notice tone="ok">{texts.active}</Notice> : null}
        {open.map(({ name, summary }) => (
          <Notice
            key={name}
            tone="wait"
            title={setupTexts.steps[name]}
            actions={
              <LinkButton to="/apps/$app/setup" params={{ app: app.name }} search={{ step: name }} size="xs">
                {setupTexts.next}
              </LinkButton>
            }
          >
            <p>{summary}</p>
          </Notice>
        ))}
        {headline ? <Notice tone="busy" title={headline} /> : null}
        <WillAndWillNot
          app={app}
          adoption={newest.data?.configuration.correlation?.adoption ?? 'link and update'}
          steps={steps}
        />
        <div className="row">
          {newest.data ? (
            <LinkButton to="/apps/$app/plans" params={{ app: app.name }}>
              {texts.plan}
            </LinkButton>
          ) : null}
          {app.state === 'draft' && ready && can('apps:write') ? (
            <ActButton
              label={texts.everyone}
              variant="filled"
              confirm={{
                title: texts.everyoneTitle(app.label),
                effect: texts.everyoneEffect(headline ? `${headline}.` : ''),
                verb: texts.everyoneVerb,
                reason: 'required',
                onConfirm: async (reason) => {
                  const { data } = await api.POST('/api/v1/apps/{app}/activate', {
                    params: { path: { app: app.name } },
                    body: reason === undefined ? {} : { withoutRollout: reason },
                  });
                  tellDone(texts.activated(data?.links ?? 0));
                  await refresh.run(undefined);
                },
              }}
            />
          ) : null}
        </div>
      </div>
    </Panel>
  );
}

type Adoption = keyof typeof texts.adopts;

function WillAndWillNot({ app, adoption, steps }: { app: App; adoption: Adoption; steps: readonly Step[] }) {
  const { triggers, deactivationLimit } = app;
  const names = Object.keys(triggers) as (keyof typeof triggers)[];
  const granted = steps.find(({ name }) => name === 'policies')?.state === 'done';
  const will = [
    ...names.filter((name) => triggers[name]).map((name) => appTexts.triggerOn[name]),
    ...(triggers.create ? [texts.creates, texts.adopts[adoption]] : []),
    texts.guard(deactivationLimit.count),
  ];
  const willNot = [
    ...(granted ? [] : [texts.nobody]),
    ...names.filter((name) => !triggers[name]).map((name) => appTexts.triggerOff[name]),
    texts.unmapped,
    texts.leaversOnly,
  ];
  return (
    <div className={classes['lists']}>
      {(
        [
          [texts.will, will],
          [texts.willNot, willNot],
        ] as const
      ).map(([title, lines]) => (
        <section key={title}>
          <h3>{title}</h3>
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
