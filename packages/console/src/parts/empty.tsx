import { Title } from '@mantine/core';
import classes from './empty.module.css';

interface EmptyProps {
  icon?: React.ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  title: string;
  children?: React.ReactNode;
  action?: React.ReactNode;
}

/** Nothing to show, said with its reason: never set up, filtered away, all well, or not allowed. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className={classes['empty']}>
      {Icon ? <Icon size={28} stroke={1.5} aria-hidden /> : null}
      <Title order={2} size="h3">
        {title}
      </Title>
      {children === undefined ? null : <div className={classes['text']}>{children}</div>}
      {action === undefined ? null : <div className={classes['action']}>{action}</div>}
    </div>
  );
}
