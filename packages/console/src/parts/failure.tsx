import { Button } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import { Component, lazy, type ReactNode, Suspense } from 'react';
import { isApiError, isRefusal } from '../api/problem.ts';
import { common, failureTexts } from '../texts/common.ts';
import { Notice } from './notice.tsx';

/** What failed, in the server's words, with another try where one can help. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const refused = isApiError(error) && error.status === 403;
  return (
    <Notice
      tone={refused ? 'idle' : 'bad'}
      icon={refused ? IconLock : IconAlertTriangle}
      title={refused ? failureTexts.forbiddenTitle : failureTexts.title}
      actions={
        onRetry && !refused ? (
          <Button size="xs" onClick={onRetry}>
            {common.retry}
          </Button>
        ) : undefined
      }
    >
      <FailureText error={error} />
    </Notice>
  );
}

// The words for fields and places come with the first refusal: the first page has no room for them.
const Spoken = lazy(() => import('./spoken.tsx').then(({ SpokenRefusal: spoken }) => ({ default: spoken })));

/** A refusal in the words of the console; whatever else failed, in its own. */
export function FailureText({ error }: { error: unknown }) {
  if (!isApiError(error)) return <p>{error instanceof Error ? error.message : String(error)}</p>;
  const plain = <p>{error.code === 'unreachable' ? failureTexts.unreachable : error.message}</p>;
  if (!isRefusal(error)) {
    return (
      <>
        {plain}
        {error.requestId ? <p className="dim mono">{failureTexts.requestId(error.requestId)}</p> : null}
      </>
    );
  }
  return (
    <Suspense fallback={plain}>
      <Spoken error={error} />
    </Suspense>
  );
}

interface BoundaryState {
  error: unknown;
}

/** Keeps the failure of a part to that part. */
export class Boundary extends Component<{ children: ReactNode; resetKey?: unknown }, BoundaryState> {
  override state: BoundaryState = { error: undefined };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error: error ?? new Error(failureTexts.crashed) };
  }

  override componentDidUpdate(before: { resetKey?: unknown }): void {
    if (this.state.error !== undefined && before.resetKey !== this.props.resetKey) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <Crash error={this.state.error} onRetry={() => this.setState({ error: undefined })} />;
  }
}

export function Crash({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (isApiError(error)) return <Failure error={error} onRetry={onRetry} />;
  return (
    <Notice
      tone="bad"
      icon={IconAlertTriangle}
      title={failureTexts.crashed}
      actions={
        <Button size="xs" onClick={onRetry}>
          {common.retry}
        </Button>
      }
    >
      <p>{failureTexts.crashedBody}</p>
      <p className="mono dim break">{error instanceof Error ? error.message : String(error)}</p>
    </Notice>
  );
}
