import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { type Item, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { tellDone, tellFailure } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { guardText, holdTexts as texts } from '../../texts/holds.ts';
import classes from './holds-view.module.css';
import type { HoldSearch } from './holds-view.tsx';

type Group = Item<'/api/v1/holds/causes'>;

const EVERY_MS = 5_000;

interface HoldGroupsProps {
  app: string | undefined;
  search: HoldSearch;
  onSearch: (search: HoldSearch) => void;
}

/** Open holds by app and cause, each released or rejected as a whole. */
export function HoldGroups({ app, search, onSearch }: HoldGroupsProps) {
  const groups = useQuery({
    ...read('/api/v1/holds/causes', { params: { query: app === undefined ? {} : { app } } }),
    refetchInterval: EVERY_MS,
  });
  const items = groups.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={classes['groups']} aria-label={texts.groups}>
      {items.map((group) => {
        const here =
          search.cause === group.cause && search.operation === group.operation && (app ?? search.app) === group.app;
        const { cause: _cause, operation: _operation, hold: _hold, ...rest } = search;
        return (
          <article
            key={`${group.app} ${group.cause} ${group.operation}`}
            className={classes['group']}
            data-here={here || undefined}
          >
            <button
              type="button"
              className={classes['groupName']}
              aria-pressed={here}
              onClick={() =>
                onSearch(
                  here
                    ? rest
                    : ({
                        ...rest,
                        cause: group.cause,
                        operation: group.operation,
                        ...(app ? {} : { app: group.app }),
                      } as HoldSearch),
                )
              }
            >
              {texts.groupName(guardText(group.guard), group.cause, group.guard)}, {group.app}: {group.holds}
            </button>
            <p className="dim break">{group.reason}</p>
            <p className="dim">
              {texts.oldest} <Time at={group.oldestAt} />
            </p>
            <GroupActs group={group} />
          </article>
        );
      })}
    </section>
  );
}

/** So many at once are typed out first. */
const TYPED_FROM = 10;

function GroupActs({ group }: { group: Group }) {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), enabled: can('apps:read') });
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/holds', '/api/v1/apps'] });
  if (!can('holds:release')) return null;
  const { app, cause, operation, holds: count } = group;
  const label = apps.data?.items.find(({ name }) => name === app)?.label ?? app;
  const effect = texts.effects([[operation, count]]);
  const decide = async (verb: 'release' | 'reject', note: string | undefined) => {
    const { data } = await api.POST(
      verb === 'release' ? '/api/v1/apps/{app}/holds/release' : '/api/v1/apps/{app}/holds/reject',
      {
        params: { path: { app } },
        body: { cause, operation: operation as 'update', expected: count, ...(note === undefined ? {} : { note }) },
      },
    );
    const decided = data?.decided ?? 0;
    tellDone(verb === 'release' ? texts.released(decided) : texts.rejected(decided));
    for (const { holds, who } of data?.refused ?? []) void tellFailure(new Error(texts.refused(holds, who)));
    await refresh.run(undefined);
  };
  const doing = texts.doing(operation, count);
  return (
    <div className="row">
      <ActButton
        label={texts.release}
        size="xs"
        confirm={{
          title: texts.releaseTitle(count),
          effect: `${label}: ${texts.releaseEffect(count, effect)}`,
          verb: texts.releaseVerb(doing),
          danger: true,
          reason: count >= TYPED_FROM ? 'required' : 'optional',
          typed: count >= TYPED_FROM ? String(count) : undefined,
          onConfirm: (note) => decide('release', note),
        }}
      />
      <ActButton
        label={texts.reject}
        size="xs"
        confirm={{
          title: texts.rejectTitle(count),
          effect: `${label}: ${texts.rejectEffect(count)}`,
          verb: texts.rejectVerb(count),
          danger: true,
          reason: count >= TYPED_FROM ? 'required' : 'optional',
          onConfirm: (note) => decide('reject', note),
        }}
      />
    </div>
  );
}
