import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Item, read } from '../api/read.ts';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { SimpleTable } from '../parts/simple-table.tsx';
import { TonePill } from '../parts/state-pill.tsx';
import { Time } from '../parts/time.tsx';
import type { Tone } from '../parts/tone.ts';
import { useSession } from '../session/session.tsx';
import { credentialTexts as texts } from '../texts/credentials.ts';

type Forecast = Item<'/api/v1/credentials/forecast'>;

const EVERY_MS = 30_000;
/** What a person should do something about. */
const NEEDS = new Set<Forecast['outlook']>(['dead', 'critical', 'missing', 'soon']);
const TONES: Record<Forecast['outlook'], Tone> = {
  dead: 'bad',
  critical: 'bad',
  missing: 'wait',
  soon: 'wait',
  later: 'ok',
  'no end known': 'idle',
  'kept alive': 'ok',
};

/** The credentials of all apps; the server puts what breaks first at the top. */
export function CredentialsPage() {
  const forecasts = useQuery({ ...read('/api/v1/credentials/forecast', {}), refetchInterval: EVERY_MS });
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Loaded query={forecasts}>
        {({ items }) => {
          const needing = items.filter(({ outlook }) => outlook === 'dead' || outlook === 'critical').length;
          if (items.length === 0)
            return (
              <Panel>
                <Empty icon={IconKey} title={texts.emptyTitle}>
                  {texts.emptyBody}
                </Empty>
              </Panel>
            );
          return (
            <>
              <Notice tone={needing > 0 ? 'bad' : 'ok'}>{needing > 0 ? texts.needs(needing) : texts.allWell}</Notice>
              <Panel flush>
                <Forecasts items={items} />
              </Panel>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Forecasts({ items }: { items: readonly Forecast[] }) {
  const { can } = useSession();
  return (
    <SimpleTable
      label={texts.title}
      head={Object.values(texts.columns)}
      keys={items.map(({ app }) => app)}
      rows={items.map((one) => [
        <Link key="app" to="/apps/$app/setup" params={{ app: one.app }} search={{ step: 'credential' }}>
          {one.label}
        </Link>,
        <TonePill key="outlook" tone={TONES[one.outlook]}>
          {texts.outlooks[one.outlook] ?? one.outlook}
        </TonePill>,
        one.kind === null ? '' : (texts.kinds[one.kind] ?? one.kind),
        one.authorizedAt ? <Time key="age" at={one.authorizedAt} /> : texts.never,
        <Ends key="ends" forecast={one} />,
        one.lastUsedAt ? <Time key="used" at={one.lastUsedAt} /> : one.kind === 'oauth' ? texts.never : texts.noEnd,
        <div key="next" className="stack-tight">
          {one.problem ? <span className="break">{one.problem}</span> : null}
          <span className="break">
            {one.nextStep ?? (one.problem ? '' : one.outlook === 'missing' ? texts.missing : texts.nothing)}
          </span>
          {one.ownerWarning ? <span className="dim break">{one.ownerWarning}</span> : null}
          {can('apps:write') && NEEDS.has(one.outlook) ? (
            <span>
              <LinkButton to="/apps/$app/setup" params={{ app: one.app }} search={{ step: 'credential' }} size="xs">
                {one.outlook === 'missing' ? texts.enter : texts.renew}
              </LinkButton>
            </span>
          ) : null}
        </div>,
      ])}
    />
  );
}

function Ends({ forecast: { ends } }: { forecast: Forecast }) {
  const [first] = ends;
  if (!first) return <span className="dim">{texts.noEnd}</span>;
  return (
    <div>
      <span className="nowrap">{texts.days(first.daysLeft)}</span>
      <div className="dim break">{first.why}</div>
    </div>
  );
}
