import { useQuery } from '@tanstack/react-query';
import { read } from '../../api/read.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { roleNames, peopleTexts as texts } from '../../texts/people.ts';

/** What each role may do. */
export function RolesPanel() {
  const roles = useQuery({ ...read('/api/v1/roles', {}), staleTime: 600_000 });
  return (
    <Panel title={texts.roles} flush>
      <Loaded query={roles}>
        {({ items }) => (
          <SimpleTable
            label={texts.roles}
            head={[texts.role, texts.roles]}
            keys={items.map(({ role }) => role)}
            rows={items.map(({ role, description }) => [
              <strong key="role" className="nowrap">
                {roleNames[role] ?? role}
              </strong>,
              description,
            ])}
          />
        )}
      </Loaded>
    </Panel>
  );
}
