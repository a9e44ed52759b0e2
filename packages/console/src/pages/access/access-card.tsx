import { Title } from '@mantine/core';
import { useEffect } from 'react';
import { common } from '../../texts/common.ts';
import classes from './access-card.module.css';

/** The frame of the pages that are seen before one is in. */
export function AccessCard({
  title,
  wide = false,
  children,
}: {
  title: string;
  wide?: boolean;
  children: React.ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · ${common.product}`;
  }, [title]);
  return (
    <main className={classes['page']}>
      <div className={classes['card']} data-wide={wide || undefined}>
        <img src="/favicon.svg" alt="" width={36} height={36} />
        <Title order={1}>{title}</Title>
        {children}
      </div>
    </main>
  );
}
