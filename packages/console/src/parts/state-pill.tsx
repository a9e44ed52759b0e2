import classes from './state-pill.module.css';
import { lookOf, TONE_ICONS, type Tone } from './tone.ts';

/** A state as icon and word. */
export function StatePill({ family, state }: { family: Parameters<typeof lookOf>[0]; state: string }) {
  const { tone, label, icon } = lookOf(family, state);
  return (
    <TonePill tone={tone} icon={icon}>
      {label}
    </TonePill>
  );
}

interface TonePillProps {
  tone: Tone;
  children: React.ReactNode;
  icon?: React.ComponentType<{ size?: number; 'aria-hidden'?: boolean }> | undefined;
}

export function TonePill({ tone, children, icon }: TonePillProps) {
  const Icon = icon ?? TONE_ICONS[tone];
  return (
    <span className={classes['pill']} data-tone={tone}>
      <Icon size={14} aria-hidden />
      {children}
    </span>
  );
}
