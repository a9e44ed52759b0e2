import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { failureTexts } from '../texts/common.ts';

const Lacking = lazy(() => import('../parts/spoken.tsx').then(({ SpokenScope: spoken }) => ({ default: spoken })));

/** For whose role the page is not: said before anything is asked of the server. */
export function ForbiddenPage({ scope }: { scope: string }) {
  return (
    <Page title={failureTexts.forbiddenTitle}>
      <Empty icon={IconLock} title={failureTexts.forbiddenRole} action={<Link to="/">{failureTexts.toOverview}</Link>}>
        <Suspense fallback={failureTexts.forbiddenBody}>
          <Lacking scope={scope} />
        </Suspense>
      </Empty>
    </Page>
  );
}
