import { notifications } from '@mantine/notifications';
import { api } from '../../api/api.ts';
import { saveFile } from '../../parts/save-file.ts';
import { tellFailure } from '../../parts/tell.ts';
import { toCsv } from '../../parts/to-csv.ts';
import { common } from '../../texts/common.ts';
import { logTexts as texts } from '../../texts/log.ts';
import type { Request, RequestFilter } from './request-list.tsx';

const PAGE = 500;
const CLOSE = { 'aria-label': common.close };
const COLUMNS = [
  'createdAt',
  'app',
  'username',
  'operation',
  'state',
  'reasonCode',
  'reason',
  'nextStep',
  'attempts',
  'completedAt',
  'id',
] as const satisfies readonly (keyof Request)[];

/** Everything that the filter finds, as a file; the person may go on meanwhile. */
export async function exportRequests(filter: RequestFilter, format: 'csv' | 'jsonl'): Promise<void> {
  const notice = notifications.show({
    message: texts.exporting(0),
    loading: true,
    autoClose: false,
    closeButtonProps: CLOSE,
  });
  try {
    const rows: Request[] = [];
    let cursor: string | undefined;
    do {
      const query = { ...filter, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const { data } = await api.GET('/api/v1/requests', { params: { query } });
      rows.push(...(data?.items ?? []));
      cursor = data?.nextCursor ?? undefined;
      notifications.update({
        id: notice,
        message: texts.exporting(rows.length),
        loading: true,
        autoClose: false,
        closeButtonProps: CLOSE,
      });
    } while (cursor !== undefined);
    const text =
      format === 'csv'
        ? toCsv([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))])
        : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    saveFile(`requests.${format}`, format === 'csv' ? 'text/csv' : 'application/x-ndjson', text);
    notifications.update({
      id: notice,
      message: texts.exported(rows.length),
      loading: false,
      autoClose: 5_000,
      closeButtonProps: CLOSE,
    });
  } catch (error) {
    notifications.hide(notice);
    void tellFailure(error);
  }
}
