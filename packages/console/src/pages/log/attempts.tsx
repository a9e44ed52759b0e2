import { ExchangeView } from '../../parts/exchange.tsx';
import { Time } from '../../parts/time.tsx';
import { sentences } from '../../texts/format.ts';
import { requestTexts as texts } from '../../texts/log.ts';
import classes from './request-drawer.module.css';
import type { RequestDetails } from './request-drawer.tsx';

/** What was tried, in order, each with the exchange on demand. */
export function Attempts({ request }: { request: RequestDetails }) {
  return (
    <section>
      <h3>{texts.attemptsTitle}</h3>
      {request.log.length === 0 ? <p className="dim">{texts.noAttempts}</p> : null}
      {request.log.map(({ id, at, attempt, message, nextStep, exchanges }) => (
        <div key={id} className={classes['attempt']}>
          <div className={classes['attemptHead']}>
            <strong>{texts.attempt(attempt)}</strong>
            <span className="dim">
              <Time at={at} show="exact" focusable />
            </span>
          </div>
          <p className="break">{sentences(message, nextStep)}</p>
          {exchanges === null ? <p className="dim">{texts.exchangesGone}</p> : null}
          {exchanges?.length === 0 ? <p className="dim">{texts.noExchanges}</p> : null}
          {exchanges?.map((exchange, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what was sent stays in its order
            <ExchangeView key={index} exchange={exchange} />
          ))}
        </div>
      ))}
    </section>
  );
}
