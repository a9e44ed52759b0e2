import { Title } from '@mantine/core';
import { useEffect } from 'react';
import { common } from '../texts/common.ts';
import classes from './page.module.css';

interface PageProps {
  title: string;
  /** For the tab, when the title alone does not tell. */
  windowTitle?: string;
  /** One line on what the page is for, or where the thing stands. */
  lead?: React.ReactNode;
  beside?: React.ReactNode;
  /** Before the title: a picture of the thing. */
  mark?: React.ReactNode;
  actions?: React.ReactNode;
  /** Above the title: where it belongs. */
  above?: React.ReactNode;
  children: React.ReactNode;
}

/** The frame of every page: one h1, its actions, the tab's title. */
export function Page({ title, windowTitle, lead, beside, mark, actions, above, children }: PageProps) {
  useEffect(() => {
    document.title = `${windowTitle ?? title} · ${common.product}`;
  }, [title, windowTitle]);
  return (
    <div className={classes['page']}>
      <header className={classes['header']}>
        {above}
        <div className={classes['line']}>
          {mark}
          <Title order={1} className={classes['title']}>
            {title}
          </Title>
          {beside}
          {actions === undefined ? null : <div className={classes['actions']}>{actions}</div>}
        </div>
        {lead === undefined ? null : <div className={classes['lead']}>{lead}</div>}
      </header>
      {children}
    </div>
  );
}
