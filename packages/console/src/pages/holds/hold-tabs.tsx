import { Link } from '@tanstack/react-router';
import { deletionTexts as texts } from '../../texts/guards.ts';
import classes from '../app/app-frame.module.css';

/** What waits for a person, and what will happen unless one says otherwise. */
export function HoldTabs() {
  const active = { activeProps: { 'data-here': true, 'aria-current': 'page' as const } };
  return (
    <nav className={classes['tabs']} aria-label={texts.tabsLabel}>
      <Link to="/holds" search={{}} className={classes['tab']} activeOptions={{ exact: true }} {...active}>
        {texts.holdsTab}
      </Link>
      <Link to="/holds/deletions" className={classes['tab']} {...active}>
        {texts.tab}
      </Link>
    </nav>
  );
}
