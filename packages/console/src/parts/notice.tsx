import classes from './notice.module.css';
import { TONE_ICONS, type Tone } from './tone.ts';

interface NoticeProps {
  tone: Tone;
  title?: React.ReactNode;
  icon?: React.ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  actions?: React.ReactNode;
  children?: React.ReactNode;
  /** Read out when it appears. */
  live?: boolean;
}

/** Something that a person should know of this page or part: what, why, and what to do. */
export function Notice({ tone, title, icon, actions, children, live = false }: NoticeProps) {
  const Icon = icon ?? TONE_ICONS[tone];
  return (
    <div className={classes['notice']} data-tone={tone} {...(live ? { role: 'status' } : {})}>
      <Icon size={18} aria-hidden />
      <div className={classes['text']}>
        {title === undefined ? null : <p className={classes['title']}>{title}</p>}
        {children}
      </div>
      {actions === undefined ? null : <div className={classes['actions']}>{actions}</div>}
    </div>
  );
}
