import { ActionIcon, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useMatches, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { read } from '../api/read.ts';
import { Boundary } from '../parts/failure.tsx';
import { useSession, useSignedOut } from '../session/session.tsx';
import { common } from '../texts/common.ts';
import { shellTexts } from '../texts/shell.ts';
import { ForbiddenPage } from './forbidden.tsx';
import { focusFilter, useKeys } from './keys.ts';
import { PLACES } from './navigation.ts';
import { PersonMenu } from './person-menu.tsx';
import classes from './shell.module.css';

// Not needed for the first look at a page.
const Palette = lazy(() => import('./palette.tsx').then(({ Palette: view }) => ({ default: view })));
const KeysHelp = lazy(() => import('./keys-help.tsx').then(({ KeysHelp: view }) => ({ default: view })));
const SideDrawer = lazy(() => import('./side-drawer.tsx'));
const ConfirmIdentity = lazy(() => import('../pages/access/confirm-identity.tsx'));

function openPalette(): void {
  void import('@mantine/spotlight').then(({ spotlight }) => spotlight.open());
}

/** The frame of every page for those who are signed in. */
export function Shell() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [menuOpened, menu] = useDisclosure(false);
  const [menuUsed, setMenuUsed] = useState(false);
  if (menuOpened && !menuUsed) setMenuUsed(true);
  const [helpOpened, help] = useDisclosure(false);
  useSignedOut(useCallback(() => void navigate({ to: '/sign-in', search: { next: location.pathname } }), [navigate]));
  useKeys({
    '/': focusFilter,
    '?': help.open,
    ...Object.fromEntries(PLACES.map(({ key, to }) => [`g ${key}`, () => void navigate({ to })])),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => menu.close(), [pathname]);
  const main = useFocusOnNavigation(pathname);
  // The address of what is shown, which lags behind that of what was asked for.
  const shown = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.href });
  return (
    <div className={classes['shell']}>
      <a href="#content" className={classes['skip']}>
        {common.skipToContent}
      </a>
      <div className={classes['side']}>
        <Navigation branded />
      </div>
      <section className={classes['bar']} aria-label={shellTexts.bar}>
        <div className={classes['burger']}>
          <ActionIcon size="lg" onClick={menu.toggle} aria-label={shellTexts.openNavigation} aria-expanded={menuOpened}>
            <IconMenu2 size={20} />
          </ActionIcon>
        </div>
        <UnstyledButton className={classes['search']} onClick={openPalette} aria-label={shellTexts.searchLabel}>
          <IconSearch size={16} aria-hidden />
          <span className={classes['searchLong']}>{shellTexts.searchLabel}</span>
          <kbd className={classes['kbd']}>{/Mac/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'}</kbd>
        </UnstyledButton>
        <PersonMenu onHelp={help.open} />
      </section>
      <main className={classes['main']} id="content" tabIndex={-1} ref={main} data-shown={shown}>
        <Boundary resetKey={pathname}>
          <Permitted />
        </Boundary>
      </main>
      {menuUsed ? (
        <Suspense>
          <SideDrawer opened={menuOpened} onClose={menu.close} title={<Brand />}>
            <Navigation />
          </SideDrawer>
        </Suspense>
      ) : null}
      <Suspense>
        <Palette />
      </Suspense>
      <Suspense>
        <ConfirmIdentity />
      </Suspense>
      <Suspense>{helpOpened ? <KeysHelp opened onClose={help.close} /> : null}</Suspense>
    </div>
  );
}

/** The page, unless one of its routes takes what the person may not. */
function Permitted() {
  const { can } = useSession();
  const missing = useMatches().find(({ staticData: { scope } }) => scope !== undefined && !can(scope))?.staticData
    .scope;
  return missing === undefined ? <Outlet /> : <ForbiddenPage scope={missing} />;
}

function Brand() {
  return (
    <span className={classes['brand']}>
      <img src="/favicon.svg" alt="" width={22} height={22} />
      {common.product}
    </span>
  );
}

function Navigation({ branded = false }: { branded?: boolean }) {
  const { can } = useSession();
  return (
    <nav aria-label={shellTexts.navigation} className={classes['nav']}>
      {branded ? <Brand /> : null}
      {PLACES.filter(({ scope }) => scope === undefined || can(scope)).map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} className={classes['place']} activeOptions={{ exact: to === '/' }}>
          <Icon size={18} stroke={1.6} aria-hidden />
          <span>{label}</span>
          {to === '/holds' ? <HoldCount /> : null}
        </Link>
      ))}
    </nav>
  );
}

const COUNT_EVERY_MS = 15_000;

function HoldCount() {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), refetchInterval: COUNT_EVERY_MS, enabled: can('apps:read') });
  const held = apps.data?.items.reduce((sum, app) => sum + app.counts.held, 0) ?? 0;
  return held === 0 ? null : <span className={classes['count']}>{held}</span>;
}

/** A new page begins at its top, and readers of the screen hear its heading. */
function useFocusOnNavigation(pathname: string) {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of page that moves the focus
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
