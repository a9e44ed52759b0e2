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

/** What a part of a page says in the tab's title, before the page itself. */
let said: string | undefined;
let plain = '';

function showTitle(): void {
  document.title = said ?? plain;
}

/** The tab's title while this part is shown: for those who leave it open and look at other tabs. */
export function useWindowTitle(text: string): void {
  useEffect(() => {
    said = `${text} · ${common.product}`;
    showTitle();
    return () => {
      said = undefined;
      showTitle();
    };
  }, [text]);
}

/** The frame of every page: one h1, its actions, the tab's title. */
export function Page({ title, windowTitle, lead, beside, mark, actions, above, children }: PageProps) {
  useEffect(() => {
    plain = `${windowTitle ?? title} · ${common.product}`;
    showTitle();
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
