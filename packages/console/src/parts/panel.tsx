import { Title } from '@mantine/core';
import { useId } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  title?: React.ReactNode;
  /** Beside the title: counts, a state. */
  beside?: React.ReactNode;
  actions?: React.ReactNode;
  children: React.ReactNode;
  /** Without inner space, for tables that reach the edge. */
  flush?: boolean;
  level?: 2 | 3;
}

/** A framed part of a page. */
export function Panel({ title, beside, actions, children, flush = false, level = 2 }: PanelProps) {
  const id = useId();
  return (
    <section className={classes['panel']} {...(title === undefined ? {} : { 'aria-labelledby': id })}>
      {title === undefined ? null : (
        <header className={classes['header']}>
          <Title order={level} size="h3" id={id}>
            {title}
          </Title>
          {beside}
          <div className={classes['actions']}>{actions}</div>
        </header>
      )}
      <div className={flush ? classes['flush'] : classes['body']}>{children}</div>
    </section>
  );
}
