import { Button } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { FailureText } from '../../parts/failure.tsx';
import { Told } from '../../parts/findings.tsx';
import { Time } from '../../parts/time.tsx';
import { placeTexts } from '../../texts/places.ts';
import { setupTexts } from '../../texts/setup.ts';
import type { App } from '../app/use-app.ts';
import classes from './setup-page.module.css';
import type { StepName } from './steps.ts';
import { useReadiness } from './use-readiness.ts';

const texts = setupTexts.readiness;
const LEVELS = ['drill', 'pilot', 'promotion'] as const;

/** Which step of the wizard is about a piece. */
const STEP_OF: Record<string, StepName> = {
  app: 'app',
  protocol: 'protocol',
  credential: 'credential',
  mapping: 'mapping',
  triggers: 'policies',
  trial: 'start',
};

/** What the app is ready for, and what is missing with its fix; always in sight of the wizard. */
export function ReadinessList({ app }: { app: App }) {
  const readiness = useReadiness(app);
  const { data } = readiness;
  const warnings = (data?.pieces ?? []).flatMap(({ piece, warnings: told }) =>
    told.map((warning) => ({ piece, ...warning })),
  );
  return (
    <section className={classes['readiness']} aria-label={texts.label} aria-busy={readiness.isPending || undefined}>
      <h2>{texts.title}</h2>
      {readiness.error ? (
        <p>
          <FailureText error={readiness.error} />
        </p>
      ) : null}
      {data ? (
        <ul>
          {LEVELS.map((level) => {
            const { open, blockers } = data.levels[level];
            return (
              <li key={level}>
                {open ? (
                  <p className={classes['level']}>
                    <IconCheck size={15} color="var(--u-ok)" aria-hidden />
                    <strong>{texts.levels[level]}</strong> <span className="dim">{texts.open}</span>
                  </p>
                ) : (
                  <details>
                    <summary className={classes['level']}>
                      <IconCircleDashed size={15} color="var(--u-wait)" aria-hidden />
                      <strong>{texts.levels[level]}</strong>{' '}
                      <span className="dim">{texts.missing(blockers.length)}</span>
                    </summary>
                    <ul className={classes['blockers']}>
                      {blockers.map(({ piece, problem, fix, place }) => (
                        <li key={`${piece} ${problem}`}>
                          <Link
                            to="/apps/$app/setup"
                            params={{ app: app.name }}
                            search={{ step: STEP_OF[piece] ?? 'app' }}
                          >
                            <Told text={problem} />
                          </Link>
                          <span className="dim">{place ? placeTexts[place].fix : fix}</span>
                        </li>
                      ))}
                    </ul>
                  </details>
                )}
              </li>
            );
          })}
        </ul>
      ) : null}
      {warnings.length > 0 ? (
        <details>
          <summary className={classes['level']}>
            <IconInfoCircle size={15} color="var(--u-wait)" aria-hidden />
            <strong>{texts.warnings}</strong> <span className="dim">{warnings.length}</span>
          </summary>
          <ul className={classes['blockers']}>
            {warnings.map(({ piece, message, fix }) => (
              <li key={`${piece} ${message}`}>
                <span>
                  <Told text={message} />
                </span>
                <span className="dim">{fix}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <div className={classes['lookedAt']}>
        {data ? (
          <span className="dim">
            {texts.lookedAt} <Time at={data.checkedAt} />
          </span>
        ) : null}
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => void readiness.refetch()}
          loading={readiness.isFetching}
        >
          {texts.look}
        </Button>
      </div>
    </section>
  );
}
