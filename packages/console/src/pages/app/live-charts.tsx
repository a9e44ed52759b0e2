import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/api.ts';
import { followStream, type StreamState } from '../../api/event-stream.ts';
import { LiveChart } from '../../parts/live-chart.tsx';
import { Panel } from '../../parts/panel.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { appTexts as texts } from '../../texts/apps.ts';
import { failureTexts } from '../../texts/common.ts';
import { number } from '../../texts/format.ts';
import classes from './live-charts.module.css';
import { type Reading, Readings } from './readings.ts';

const SECOND_MS = 1_000;
const LATENCY_EVERY_MS = 3_000;
const SAMPLE = 100;

/** Throughput and latency as they are, from the log's stream. */
export default function LiveCharts({ app }: { app: string }) {
  const { reading, state } = useReadings(app);
  const { times, done, failed, median, p95 } = reading;
  const quiet = done.every((value) => value === 0) && failed.every((value) => value === 0);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const lastOf = (values: readonly (number | null)[]) => values.findLast((value) => value !== null) ?? null;
  return (
    <div className={classes['charts']}>
      <Panel title={texts.throughput} beside={<Liveness state={state} />}>
        <LiveChart
          label={`${texts.throughput}: ${number(sum(done))} ${texts.succeeded}, ${number(sum(failed))} ${texts.failed}`}
          times={times}
          series={[
            { label: texts.succeeded, color: '--u-accent', values: done },
            { label: texts.failed, color: '--u-bad', dash: [5, 4], values: failed },
          ]}
          formatValue={(value) => number(value)}
        />
        <p className={classes['legend']}>
          <span data-series="accent">
            {number(sum(done))} {texts.succeeded}
          </span>
          <span data-series="bad">
            {number(sum(failed))} {texts.failed}
          </span>
          <span className="dim">{quiet ? texts.quiet : texts.liveHint}</span>
        </p>
      </Panel>
      <Panel title={texts.latency}>
        <LiveChart
          label={`${texts.latency}: ${texts.median} ${lastOf(median) ?? '?'} ${texts.ms}`}
          times={times}
          series={[
            { label: texts.median, color: '--u-accent', values: median },
            { label: texts.p95, color: '--u-wait', dash: [5, 4], values: p95 },
          ]}
          formatValue={(value) => `${number(value)} ${texts.ms}`}
        />
        <p className={classes['legend']}>
          <span data-series="accent">
            {texts.median} {formatMs(lastOf(median))}
          </span>
          <span data-series="wait">
            {texts.p95} {formatMs(lastOf(p95))}
          </span>
        </p>
      </Panel>
    </div>
  );
}

function formatMs(value: number | null): string {
  return value === null ? '–' : `${number(Math.round(value))} ${texts.ms}`;
}

function Liveness({ state }: { state: StreamState }) {
  if (state === 'lost') return <TonePill tone="wait">{failureTexts.streamLost}</TonePill>;
  return null;
}

interface LogEvent {
  outcome: string;
}

function useReadings(app: string): { reading: Reading; state: StreamState } {
  const readings = useRef(new Readings(Date.now()));
  const [reading, setReading] = useState(() => readings.current.read());
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => {
    const ended = new AbortController();
    let stale = true;
    readings.current = new Readings(Date.now());
    const path = `/api/v1/log/stream?app=${encodeURIComponent(app)}`;
    const onEvents = (events: { data: string }[]) => {
      stale = true;
      for (const { data } of events) readings.current.count(Date.now(), isDone(JSON.parse(data) as LogEvent));
    };
    void followStream(path, { onEvents, onState: setState }, ended.signal);
    const tick = setInterval(() => {
      if (document.hidden) return;
      readings.current.advance(Date.now());
      setReading(readings.current.read());
    }, SECOND_MS);
    const latencies = setInterval(() => {
      if (document.hidden || !stale) return;
      stale = false;
      void readLatencies(app, ended.signal).then((found) => readings.current.measure(Date.now(), found));
    }, LATENCY_EVERY_MS);
    return () => {
      ended.abort();
      clearInterval(tick);
      clearInterval(latencies);
    };
  }, [app]);
  return { reading, state };
}

function isDone({ outcome }: LogEvent): boolean {
  return outcome === 'applied' || outcome === 'already as desired';
}

/** How long the latest operations took, from their intent to their outcome. */
async function readLatencies(app: string, signal: AbortSignal): Promise<number[]> {
  const params = { query: { app, state: 'Completed' as const, limit: SAMPLE } };
  const { data } = await api.GET('/api/v1/requests', { params, signal }).catch(() => ({ data: undefined }));
  const newest = Date.now() - LATENCY_EVERY_MS * 4;
  return (data?.items ?? [])
    .filter(({ completedAt }) => completedAt !== null && Date.parse(completedAt) > newest)
    .map(({ createdAt, completedAt }) => Date.parse(completedAt ?? createdAt) - Date.parse(createdAt));
}
