import { IconBuildingCommunity } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { read } from '../api/read.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { tellDone } from '../parts/tell.ts';
import { Time } from '../parts/time.tsx';
import { useAct } from '../parts/use-act.ts';
import { useSession } from '../session/session.tsx';
import { demoTexts as texts } from '../texts/demo.ts';

function useCompany() {
  const { can } = useSession();
  return useQuery({ ...read('/api/v1/demo-company', {}), enabled: can('directory:write') }).data;
}

/** For whoever has nobody to try things with yet. Nothing where it may not come in. */
export function LoadDemoCompany() {
  const company = useCompany();
  const refresh = useAct(async () => {});
  if (!company || company.loaded || company.obstacles.length > 0) return null;
  return (
    <ActButton
      label={texts.load}
      leftSection={<IconBuildingCommunity size={16} />}
      confirm={{
        title: texts.loadTitle,
        effect: texts.loadEffect(company.users, company.permissionSets.length, company.permissionSetGroups.length),
        verb: texts.loadVerb(company.users),
        onConfirm: async () => {
          await api.POST('/api/v1/demo-company');
          tellDone(texts.loaded(company.users));
          await refresh.run(undefined);
        },
      }}
    />
  );
}

/** While the invented people are there, nobody shall take them for real ones; and how to be rid of them. */
export function DemoCompanyNotice() {
  const company = useCompany();
  const refresh = useAct(async () => {});
  if (!company?.loaded) return null;
  const { loaded, users, permissionSets, permissionSetGroups, obstacles } = company;
  return (
    <Notice
      tone="idle"
      icon={IconBuildingCommunity}
      title={texts.notice(users)}
      actions={
        obstacles.length > 0 ? undefined : (
          <ActButton
            label={texts.remove}
            size="xs"
            confirm={{
              title: texts.removeTitle,
              effect: texts.removeEffect(users, permissionSets.length, permissionSetGroups.length),
              verb: texts.removeVerb(users),
              danger: true,
              onConfirm: async () => {
                const { data } = await api.DELETE('/api/v1/demo-company');
                tellDone(texts.removed(data?.users ?? 0));
                await refresh.run(undefined);
              },
            }}
          />
        )
      }
    >
      <p>
        {texts.loadedBy(loaded.by)} <Time at={loaded.at} focusable />.
      </p>
      {obstacles.map(({ field, problem, fix }) => (
        <p key={`${field} ${problem}`}>
          {texts.obstacle} {field}: {problem}. {fix}
        </p>
      ))}
    </Notice>
  );
}
