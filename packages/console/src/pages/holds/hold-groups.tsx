import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { guardText, holdTexts as texts } from '../../texts/holds.ts';
import classes from './holds-view.module.css';
import type { Hold, HoldSearch } from './holds-view.tsx';

interface Group {
  app: string;
  guard: string;
  count: number;
  operations: Map<string, number>;
  example: string;
}

const MOST = 500;
const EVERY_MS = 5_000;

interface HoldGroupsProps {
  app: string | undefined;
  search: HoldSearch;
  onSearch: (search: HoldSearch) => void;
}

/** Open holds by app and cause, each released or rejected as a whole. */
export function HoldGroups({ app, search, onSearch }: HoldGroupsProps) {
  const groups = useQuery({
    queryKey: ['/api/v1/holds', 'groups', app],
    queryFn: async () => groupHolds(await readOpen(app)),
    refetchInterval: EVERY_MS,
  });
  if (!groups.data || groups.data.length === 0) return null;
  return (
    <section className={classes['groups']} aria-label={texts.groups}>
      {groups.data.map((group) => {
        const here = search.guard === group.guard && (app ?? search.app) === group.app;
        const { guard: _guard, hold: _hold, ...rest } = search;
        return (
          <article key={`${group.app} ${group.guard}`} className={classes['group']} data-here={here || undefined}>
            <button
              type="button"
              className={classes['groupName']}
              aria-pressed={here}
              onClick={() =>
                onSearch(here ? rest : { ...rest, guard: group.guard, ...(app ? {} : { app: group.app }) })
              }
            >
              {guardText(group.guard)}, {group.app}: {group.count}
            </button>
            <p className="dim break">{group.example}</p>
            <GroupActs group={group} />
          </article>
        );
      })}
    </section>
  );
}

async function readOpen(app: string | undefined): Promise<Hold[]> {
  const holds: Hold[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: MOST, ...(app === undefined ? {} : { app }), ...(cursor === undefined ? {} : { cursor }) };
    const { data } = await api.GET('/api/v1/holds', { params: { query } });
    holds.push(...(data?.items ?? []));
    cursor = data?.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return holds;
}

function groupHolds(holds: readonly Hold[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { app, guard, operation, reason } of holds) {
    const key = `${app} ${guard}`;
    const group = groups.get(key) ?? { app, guard, count: 0, operations: new Map(), example: reason };
    group.count += 1;
    group.operations.set(operation, (group.operations.get(operation) ?? 0) + 1);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** So many at once are typed out first. */
const TYPED_FROM = 10;

function GroupActs({ group }: { group: Group }) {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), enabled: can('apps:read') });
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/holds', '/api/v1/apps'] });
  if (!can('holds:release')) return null;
  const { app, guard, count } = group;
  const label = apps.data?.items.find(({ name }) => name === app)?.label ?? app;
  const effect = texts.effects([...group.operations]);
  const decide = async (verb: 'release' | 'reject', note: string | undefined) => {
    const { data } = await api.POST(
      verb === 'release' ? '/api/v1/apps/{app}/holds/release' : '/api/v1/apps/{app}/holds/reject',
      {
        params: { path: { app } },
        body: { guard: guard as 'deactivation threshold', ...(note === undefined ? {} : { note }) },
      },
    );
    const decided = data?.decided ?? 0;
    tellDone(verb === 'release' ? texts.released(decided) : texts.rejected(decided));
    await refresh.run(undefined);
  };
  const doing = [...group.operations].map(([operation, number]) => texts.doing(operation, number)).join(', ');
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
