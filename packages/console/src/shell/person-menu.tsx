import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconFileDescription,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { setPreference, usePreferences } from '../session/preferences.ts';
import { useSession } from '../session/session.tsx';
import { useSignOut } from '../session/sign-in.ts';
import { shellTexts } from '../texts/shell.ts';

const SCHEMES = [
  ['auto', shellTexts.schemeAuto, IconDeviceDesktop],
  ['light', shellTexts.schemeLight, IconSun],
  ['dark', shellTexts.schemeDark, IconMoon],
] as const;

/** Who is signed in, and what they chose for this browser. */
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const session = useSession();
  const { zone, singleKeys } = usePreferences();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={250} shadow="md">
      <Menu.Target>
        <ActionIcon size="lg" aria-label={shellTexts.account}>
          <IconUserCircle size={22} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{shellTexts.signedInAs(session.name)}</Menu.Label>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => void signOut().then(() => navigate({ to: '/sign-in', search: {} }))}
        >
          {shellTexts.signOut}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{shellTexts.scheme}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}>
          {SCHEMES.map(([scheme, label, Icon]) => (
            <Menu.RadioItem key={scheme} value={scheme} rightSection={<Icon size={16} />} closeMenuOnClick={false}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{shellTexts.zone}</Menu.Label>
        <Menu.RadioGroup value={zone} onChange={(name) => setPreference('zone', name as typeof zone)}>
          {(['local', 'utc'] as const).map((name) => (
            <Menu.RadioItem key={name} value={name} closeMenuOnClick={false}>
              {name === 'utc' ? shellTexts.zoneUtc : shellTexts.zoneLocal}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.CheckboxItem
          checked={singleKeys}
          closeMenuOnClick={false}
          onChange={(keys) => setPreference('singleKeys', keys)}
        >
          {shellTexts.singleKeys}
        </Menu.CheckboxItem>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
          {shellTexts.keysHelp}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileDescription size={16} />} component="a" href="/api/docs">
          {shellTexts.apiDocs}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
