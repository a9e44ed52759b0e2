import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { CopyText } from '../../parts/copy.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Time } from '../../parts/time.tsx';
import { common } from '../../texts/common.ts';
import { userTexts as texts } from '../../texts/users.ts';
import type { User } from './user-page.tsx';

interface Made {
  url: string;
  expiresAt: string;
}

/** A link that the help desk sends to the person, with that person's status and nothing else. */
export function StatusLink({ user, opened, onClose }: { user: User; opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<Made>();
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const path = { user: String(user.Id) };
      setMade((await api.POST('/api/v1/users/{user}/status-link', { params: { path }, body: {} })).data);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.statusLinkTitle}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        <p style={{ margin: 0 }}>{texts.statusLinkBody}</p>
        {failure === undefined ? null : (
          <Notice tone="bad" live>
            <FailureText error={failure} />
          </Notice>
        )}
        {made ? (
          <>
            <TextInput
              label={texts.statusLink}
              value={made.url}
              readOnly
              onFocus={(event) => event.currentTarget.select()}
            />
            <div className="row">
              <CopyText value={made.url} label={texts.copyLink} />
              <span className="dim">
                {texts.statusLinkEnds} <Time at={made.expiresAt} show="both" focusable />
              </span>
            </div>
          </>
        ) : (
          <div className="row">
            <Button variant="filled" onClick={() => void make()} loading={busy}>
              {texts.statusLinkMake}
            </Button>
          </div>
        )}
      </div>
    </Modal>
  );
}
