import type { ProcessorTime } from './processor-time.ts';

export interface GrowthPoint extends ProcessorTime {
  dimension: 'users' | 'apps' | 'logRows';
  size: number;
}

const PANEL = { width: 250, height: 170, left: 46, top: 44, gap: 40 };
const TITLES = { users: 'users in the directory', apps: 'connected apps', logRows: 'rows in the log' } as const;
const COLORS = { nodeUs: '#2f6f9f', databaseUs: '#c9772b' } as const;

/** Three panels of stacked bars: µs of processor time a change. */
export function drawGrowth(points: readonly GrowthPoint[]): string {
  const most = Math.max(...points.map(({ nodeUs, databaseUs }) => nodeUs + databaseUs));
  const top = Math.ceil(most / 100) * 100;
  const panels = (Object.keys(TITLES) as (keyof typeof TITLES)[]).map((dimension, index) => {
    const x = PANEL.left + index * (PANEL.width + PANEL.gap);
    return drawPanel(
      TITLES[dimension],
      points.filter((point) => point.dimension === dimension),
      x,
      top,
    );
  });
  const width = PANEL.left + 3 * (PANEL.width + PANEL.gap);
  const height = PANEL.top + PANEL.height + 50;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Processor time of a change as users, apps and log grow">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${PANEL.left}" y="20" font-size="13">Processor time of a change, in µs:</text>
<rect x="${PANEL.left + 210}" y="10" width="12" height="12" fill="${COLORS.nodeUs}"/><text x="${PANEL.left + 227}" y="20">engine</text>
<rect x="${PANEL.left + 285}" y="10" width="12" height="12" fill="${COLORS.databaseUs}"/><text x="${PANEL.left + 302}" y="20">PostgreSQL</text>
${panels.join('\n')}
</svg>
`;
}

function drawPanel(title: string, points: readonly GrowthPoint[], x: number, top: number): string {
  const bottom = PANEL.top + PANEL.height;
  const toY = (us: number) => bottom - (us / top) * PANEL.height;
  const lines = [0, 0.5, 1].map((share) => {
    const y = toY(top * share).toFixed(1);
    return `<line x1="${x}" x2="${x + PANEL.width}" y1="${y}" y2="${y}" stroke="#ddd"/><text x="${x - 5}" y="${Number(y) + 4}" text-anchor="end" fill="#555">${top * share}</text>`;
  });
  const slot = PANEL.width / Math.max(1, points.length);
  const bars = points.map(({ size, nodeUs, databaseUs }, index) => {
    const left = x + index * slot + slot / 4;
    const bar = (from: number, to: number, color: string) =>
      `<rect x="${left.toFixed(1)}" y="${toY(to).toFixed(1)}" width="${(slot / 2).toFixed(1)}" height="${(toY(from) - toY(to)).toFixed(1)}" fill="${color}"/>`;
    const middle = (left + slot / 4).toFixed(1);
    return `${bar(0, nodeUs, COLORS.nodeUs)}${bar(nodeUs, nodeUs + databaseUs, COLORS.databaseUs)}<text x="${middle}" y="${toY(nodeUs + databaseUs) - 4}" text-anchor="middle">${Math.round(nodeUs + databaseUs)}</text><text x="${middle}" y="${bottom + 16}" text-anchor="middle" fill="#333">${size.toLocaleString('en')}</text>`;
  });
  return `<g>${lines.join('')}${bars.join('')}<text x="${x + PANEL.width / 2}" y="${bottom + 36}" text-anchor="middle">${title}</text></g>`;
}
