import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { failureTexts } from '../texts/common.ts';

/** For whose role the page is not: said before anything is asked of the server. */
export function ForbiddenPage({ scope }: { scope: string }) {
  return (
    <Page title={failureTexts.forbiddenTitle}>
      <Empty icon={IconLock} title={failureTexts.forbiddenRole} action={<Link to="/">{failureTexts.toOverview}</Link>}>
        {failureTexts.forbiddenBody(scope)}
      </Empty>
    </Page>
  );
}
