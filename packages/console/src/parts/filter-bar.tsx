import classes from './filter-bar.module.css';

/** The filters of a list, in one line that wraps; children marked `data-grow` take what is left. */
export function FilterBar({ children }: { children: React.ReactNode }) {
  return <search className={classes['bar']}>{children}</search>;
}
