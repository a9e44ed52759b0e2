import { IconMapPinOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Empty } from '../parts/empty.tsx';
import { failureTexts } from '../texts/common.ts';

export function NotFoundPage() {
  return (
    <Empty
      icon={IconMapPinOff}
      title={failureTexts.notFoundTitle}
      action={<Link to="/">{failureTexts.toOverview}</Link>}
    >
      {failureTexts.notFoundBody}
    </Empty>
  );
}
