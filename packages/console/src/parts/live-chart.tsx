import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { LOCALE } from '../texts/format.ts';

export interface Series {
  readonly label: string;
  /** A custom property of the page's colours. */
  readonly color: string;
  readonly dash?: number[];
  readonly values: readonly (number | null)[];
}

interface LiveChartProps {
  label: string;
  /** Seconds since 1970, ascending. */
  times: readonly number[];
  series: readonly Series[];
  formatValue: (value: number) => string;
  height?: number;
}

/** Values over time, drawn anew as they come. What it shows must also stand beside it as text. */
export function LiveChart({ label, times, series, formatValue, height = 150 }: LiveChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const scheme = useComputedColorScheme();
  const kinds = series.map(({ label: name, color }) => `${name} ${color}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: values are set below, without building the chart anew
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const style = getComputedStyle(box);
    const colour = (name: string) => resolveColour(style.getPropertyValue(name), scheme);
    const axis = { stroke: colour('--u-dim'), grid: { stroke: colour('--u-line'), width: 1 }, ticks: { show: false } };
    const options: uPlot.Options = {
      width: box.clientWidth,
      height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_plot, _low, high) => [0, Math.max(high * 1.15, 1)] } },
      axes: [
        { ...axis, font: '11px system-ui', space: 90, values: (_plot, seconds) => seconds.map(formatClock) },
        { ...axis, font: '11px system-ui', size: 48, space: 34, values: (_plot, values) => values.map(formatValue) },
      ],
      series: [
        {},
        ...series.map(({ label: name, color, dash }) => ({
          label: name,
          stroke: colour(color),
          width: 1.75,
          points: { show: false },
          ...(dash ? { dash } : {}),
        })),
      ],
    };
    chart.current = new uPlot(options, dataOf(times, series), box);
    const resize = new ResizeObserver(() => chart.current?.setSize({ width: box.clientWidth, height }));
    resize.observe(box);
    return () => {
      resize.disconnect();
      chart.current?.destroy();
    };
  }, [scheme, kinds, height]);
  useEffect(() => chart.current?.setData(dataOf(times, series)), [times, series]);
  return <div ref={place} role="img" aria-label={label} style={{ minHeight: height }} />;
}

function dataOf(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])] as uPlot.AlignedData;
}

const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

function formatClock(seconds: number): string {
  return clock.format(seconds * 1000);
}

/** A canvas does not know `light-dark()`. */
function resolveColour(value: string, scheme: 'light' | 'dark'): string {
  const pair = /light-dark\(([^,]+),([^)]+)\)/.exec(value);
  return (pair ? pair[scheme === 'light' ? 1 : 2] : value)?.trim() ?? '#888';
}
