import { useMemo } from 'react';
import classes from './json-view.module.css';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;
const LONGEST = 200_000;

/** A text that may be JSON, laid out and coloured; what is none is shown as it is. */
export function JsonView({ text, label }: { text: string; label: string }) {
  const pretty = useMemo(() => prettify(text), [text]);
  const parts = useMemo(() => (pretty.length > LONGEST ? [pretty] : colour(pretty)), [pretty]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes['json']} aria-label={label} tabIndex={0}>
      <pre>{parts}</pre>
    </section>
  );
}

export function prettify(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function colour(text: string): React.ReactNode[] {
  const parts: React.ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon, word, number] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    const kind =
      string === undefined ? (word === undefined ? 'number' : 'word') : colon === undefined ? 'string' : 'name';
    parts.push(
      <span key={match.index} className={classes[kind]}>
        {string ?? word ?? number}
      </span>,
    );
    if (colon !== undefined) parts.push(colon);
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}
