import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { type Item, read } from '../../api/read.ts';
import { useVersions } from '../../configuration/use-configuration.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ActsHead, SimpleTable } from '../../parts/simple-table.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { Changes } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { mappingTexts } from '../../texts/mapping.ts';
import { type App, changeOf } from '../app/use-app.ts';

const texts = mappingTexts.versions;
type Version = Item<'/api/v1/apps/{app}/configurations'>;

/** Every save, what differs between any two, and the way back. */
export function VersionsView({ app }: { app: App }) {
  const versions = useVersions(app.name);
  return (
    <Loaded query={versions}>
      {({ items }) => (
        <>
          <Panel title={mappingTexts.views.versions} flush>
            <SimpleTable
              label={mappingTexts.views.versions}
              head={[...Object.values(texts.columns), <ActsHead key="acts" />]}
              keys={items.map(({ version }) => String(version))}
              rows={items.map((version) => [
                <span key="version" className="row nowrap">
                  {version.version}
                  {version.isActive ? <TonePill tone="ok">{mappingTexts.inForce}</TonePill> : null}
                </span>,
                <span key="note" className="break">
                  {version.note}
                </span>,
                version.author,
                <Time key="at" at={version.createdAt} show="exact" seconds={false} />,
                version.rules,
                <VersionActs key="acts" app={app} version={version} newest={items[0]?.version === version.version} />,
              ])}
            />
          </Panel>
          {items.length > 1 ? <Compare app={app} versions={items} /> : null}
        </>
      )}
    </Loaded>
  );
}

function VersionActs({ app, version: { version, isActive }, newest }: { app: App; version: Version; newest: boolean }) {
  const { can } = useSession();
  const refresh = useAct(async () => {}, {});
  if (!can('apps:write')) return null;
  return (
    <div className="row" style={{ flexWrap: 'nowrap', justifyContent: 'flex-end' }}>
      {newest ? null : (
        <ActButton
          label={texts.restore}
          size="xs"
          confirm={{
            title: texts.restoreTitle(version),
            effect: texts.restoreEffect(version),
            verb: texts.restoreVerb(version),
            reason: 'optional',
            onConfirm: async (note) => {
              const { data } = await api.POST('/api/v1/apps/{app}/configurations/{version}/restore', {
                params: { path: { app: app.name, version } },
                body: note === undefined ? {} : { note },
              });
              tellDone(texts.restored(data?.version ?? 0));
              await refresh.run(undefined);
            },
          }}
        />
      )}
      {isActive || app.state === 'draft' ? null : (
        <ActButton
          label={texts.activate}
          size="xs"
          confirm={{
            title: texts.activateTitle(version),
            effect: texts.activateEffect(version, app.counts.linked),
            verb: texts.activateVerb,
            danger: true,
            reason: 'required',
            onConfirm: async (reason) => {
              const { header } = changeOf(app).params;
              await api.POST('/api/v1/apps/{app}/configurations/{version}/activate', {
                params: { path: { app: app.name, version }, header },
                body: { withoutRollout: reason ?? '' },
              } as never);
              tellDone(texts.activated);
              await refresh.run(undefined);
            },
          }}
        />
      )}
    </div>
  );
}

function Compare({ app, versions }: { app: App; versions: readonly Version[] }) {
  const [from, setFrom] = useState(String(versions[1]?.version));
  const [to, setTo] = useState(String(versions[0]?.version));
  const path = { app: app.name, version: Number(from), other: Number(to) };
  const diff = useQuery(read('/api/v1/apps/{app}/configurations/{version}/diff/{other}', { params: { path } }));
  const options = versions.map(({ version, note }) => ({
    value: String(version),
    label: `${version}${note ? `: ${note}` : ''}`,
  }));
  return (
    <Panel
      title={texts.compare}
      actions={
        <>
          <Select
            size="xs"
            aria-label={texts.from}
            data={options}
            value={from}
            onChange={(value) => setFrom(value ?? from)}
            allowDeselect={false}
          />
          <Select
            size="xs"
            aria-label={texts.to}
            data={options}
            value={to}
            onChange={(value) => setTo(value ?? to)}
            allowDeselect={false}
          />
        </>
      }
    >
      <Loaded query={diff}>
        {({ changes }) =>
          changes.length === 0 ? (
            <span className="dim">{texts.same}</span>
          ) : (
            <Changes
              changes={changes}
              head={[texts.columnsDiff.path, texts.columnsDiff.before, texts.columnsDiff.after]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
