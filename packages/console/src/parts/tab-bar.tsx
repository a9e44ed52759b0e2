import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import classes from './tab-bar.module.css';

/** Links that look like tabs; where they do not all fit, the present one is brought into sight. */
export function TabBar({ label, children }: { label: string; children: React.ReactNode }) {
  const bar = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has another tab
  useEffect(() => {
    const here = bar.current?.querySelector<HTMLElement>('[data-here]');
    if (!bar.current || !here) return;
    bar.current.scrollLeft = here.offsetLeft - (bar.current.clientWidth - here.offsetWidth) / 2;
  }, [pathname]);
  return (
    <nav ref={bar} className={classes['tabs']} aria-label={label}>
      {children}
    </nav>
  );
}
