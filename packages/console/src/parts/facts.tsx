import classes from './facts.module.css';

export type Fact = readonly [name: string, value: React.ReactNode];

/** Names with their values, aligned; blank values are left to the caller. */
export function Facts({ facts, wide = false }: { facts: readonly (Fact | undefined)[]; wide?: boolean }) {
  return (
    <dl className={classes['facts']} data-wide={wide || undefined}>
      {facts
        .filter((fact) => fact !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
