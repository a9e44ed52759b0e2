import { Link } from '@tanstack/react-router';
import classes from '../../parts/tab-bar.module.css';
import { TabBar } from '../../parts/tab-bar.tsx';
import { deletionTexts as texts } from '../../texts/guards.ts';

/** What waits for a person, and what will happen unless one says otherwise. */
export function HoldTabs() {
  const active = { activeProps: { 'data-here': true, 'aria-current': 'page' as const } };
  return (
    <TabBar label={texts.tabsLabel}>
      <Link to="/holds" search={{}} className={classes['tab']} activeOptions={{ exact: true }} {...active}>
        {texts.holdsTab}
      </Link>
      <Link to="/holds/deletions" className={classes['tab']} {...active}>
        {texts.tab}
      </Link>
    </TabBar>
  );
}
