import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { requestTexts as texts } from '../texts/log.ts';
import { CopyIcon } from './copy.tsx';
import classes from './exchange.module.css';
import { JsonView, prettify } from './json-view.tsx';

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly latencyMs: number;
  readonly requestHeaders: Record<string, string>;
  readonly requestBody?: string;
  readonly responseHeaders?: Record<string, string>;
  readonly responseBody?: string;
  readonly error?: { kind: string; message: string };
}

interface ExchangeProps {
  exchange: Exchange;
  opened?: boolean;
  /** Beside a body: unmasking one field of it. */
  bodyActions?: (part: 'request' | 'response', body: string) => React.ReactNode;
}

/** One call to the target: one line until it is opened, then exactly what was sent and what came. */
export function ExchangeView({ exchange, opened: first = false, bodyActions }: ExchangeProps) {
  const [opened, setOpened] = useState(first);
  const { method, url, status, latencyMs, error } = exchange;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  const bad = error !== undefined || (status !== undefined && status >= 400);
  return (
    <article className={classes['exchange']}>
      <UnstyledButton className={classes['line']} onClick={() => setOpened(!opened)} aria-expanded={opened}>
        <Chevron size={14} aria-hidden />
        <span className={classes['method']}>{method}</span>
        <span className={classes['path']}>{pathOf(url)}</span>
        <span className={classes['status']} data-bad={bad || undefined}>
          {status ?? error?.kind ?? ''}
        </span>
        <span className={classes['latency']}>{texts.latency(latencyMs)}</span>
      </UnstyledButton>
      {opened ? <Both exchange={exchange} bodyActions={bodyActions} /> : null}
    </article>
  );
}

function Both({ exchange, bodyActions }: { exchange: Exchange; bodyActions: ExchangeProps['bodyActions'] }) {
  const { method, url, requestHeaders, requestBody, status, responseHeaders, responseBody, error } = exchange;
  return (
    <div className={classes['both']}>
      <Side
        title={texts.request}
        first={`${method} ${url}`}
        headers={requestHeaders}
        body={requestBody}
        actions={requestBody === undefined ? undefined : bodyActions?.('request', requestBody)}
      />
      {error ? <p className={classes['error']}>{error.message}</p> : null}
      {status === undefined ? null : (
        <Side
          title={texts.response}
          first={String(status)}
          headers={responseHeaders ?? {}}
          body={responseBody}
          actions={responseBody === undefined ? undefined : bodyActions?.('response', responseBody)}
        />
      )}
    </div>
  );
}

interface SideProps {
  title: string;
  first: string;
  headers: Record<string, string>;
  body: string | undefined;
  actions: React.ReactNode;
}

function Side({ title, first, headers, body, actions }: SideProps) {
  return (
    <div className={classes['side']}>
      <div className={classes['sideHead']}>
        <strong>{title}</strong>
        {actions}
        {body === undefined ? null : <CopyIcon value={prettify(body)} what={title} />}
      </div>
      <p className={classes['first']}>{first}</p>
      <details>
        <summary>{texts.headers}</summary>
        <dl className={classes['headers']}>
          {Object.entries(headers).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {body === undefined || body === '' ? (
        <p className="dim">{texts.noBody}</p>
      ) : (
        <JsonView text={body} label={title} />
      )}
    </div>
  );
}

function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return decodeURIComponent(`${pathname}${search}`.replaceAll('+', ' '));
  } catch {
    return url;
  }
}
