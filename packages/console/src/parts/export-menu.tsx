import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { common } from '../texts/common.ts';

interface ExportMenuProps<Lines> {
  /** How the route calls JSON with a line for each. */
  lines: Lines;
  onExport: (format: 'csv' | Lines) => void;
}

/** A file of everything that is shown. */
export function ExportMenu<Lines extends 'jsonl' | 'ndjson'>({ lines, onExport }: ExportMenuProps<Lines>) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" leftSection={<IconDownload size={14} />}>
          {common.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onExport('csv')}>{common.exportCsv}</Menu.Item>
        <Menu.Item onClick={() => onExport(lines)}>{common.exportJson}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
