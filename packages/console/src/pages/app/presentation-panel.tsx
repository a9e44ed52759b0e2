import { Button, TextInput } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { FilePick } from '../../parts/file-pick.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts } from '../../texts/apps.ts';
import { common } from '../../texts/common.ts';
import classes from './app-logo.module.css';
import { AppLogo } from './app-logo.tsx';
import { type App, changeOf } from './use-app.ts';

const texts = appTexts.presentation;
/** As the server takes them; it looks at the bytes, and this only spares the way there. */
const MOST_BYTES = 128 * 1024;
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];

/** How an app is shown to people: whom to ask, where to read more, its picture. */
export function PresentationPanel({ app }: { app: App }) {
  return (
    <Panel title={texts.title}>
      <div className="stack">
        <p className="dim" style={{ margin: 0 }}>
          {texts.lead}
        </p>
        <Logo app={app} />
        <ContactForm key={app.presentation?.updatedAt ?? ''} app={app} />
      </div>
    </Panel>
  );
}

function ContactForm({ app }: { app: App }) {
  const { can } = useSession();
  const { contactName, contactEmail, contactPhone, infoUrl } = app.presentation ?? {};
  const [draft, setDraft] = useState({
    contactName: contactName ?? '',
    contactEmail: contactEmail ?? '',
    contactPhone: contactPhone ?? '',
    infoUrl: infoUrl ?? '',
  });
  const [failure, setFailure] = useState<unknown>();
  const save = useAct(
    async () => {
      const body = Object.fromEntries(Object.entries(draft).map(([name, value]) => [name, value.trim() || null]));
      await api.PUT('/api/v1/apps/{app}/presentation', { ...changeOf(app), body: body as never });
    },
    { done: () => texts.saved, failed: setFailure, refresh: ['/api/v1/apps', '/api/v1/users/{user}'] },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  const may = can('apps:write');
  const field = (name: keyof typeof draft, more: { type?: string; description?: string } = {}) => (
    <TextInput
      label={texts[name]}
      value={draft[name]}
      onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })}
      error={refusal?.fieldText(name)}
      disabled={!may}
      autoComplete="off"
      {...more}
    />
  );
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void save.run(undefined);
      }}
    >
      {field('contactName')}
      {field('contactEmail', { type: 'email' })}
      {field('contactPhone', { type: 'tel' })}
      {field('infoUrl', { type: 'url', description: texts.infoUrlHint })}
      {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      {may ? (
        <div className="row">
          <Button type="submit" loading={save.busy}>
            {common.save}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

function Logo({ app }: { app: App }) {
  const { can } = useSession();
  // As a data address: the policy of the page takes a picture from nowhere else but the server.
  const [chosen, setChosen] = useState<string>();
  const [problem, setProblem] = useState<React.ReactNode>();
  const keep = useAct(
    async (address: string) => {
      const body = { base64: address.slice(address.indexOf(',') + 1) };
      await api.PUT('/api/v1/apps/{app}/logo', { ...changeOf(app), body });
    },
    {
      done: () => texts.logoKept,
      refresh: ['/api/v1/apps'],
      failed: (error) => setProblem(<FailureText error={error} />),
      after: () => setChosen(undefined),
    },
  );
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps'] });
  const hasLogo = app.presentation?.hasLogo ?? false;
  const choose = async (file: File) => {
    const wrong = findFault(file);
    setProblem(wrong === undefined ? undefined : <p>{wrong}</p>);
    if (wrong === undefined) setChosen(await toDataAddress(file));
  };
  return (
    <div className="stack-tight">
      <div className={classes['preview']}>
        {chosen ? (
          <img src={chosen} alt={texts.logoOf(app.label)} />
        ) : hasLogo ? (
          <AppLogo app={app} />
        ) : (
          <span className={classes['none']} role="img" aria-label={texts.noLogo}>
            <IconPhoto size={22} stroke={1.5} aria-hidden />
          </span>
        )}
        <div className="stack-tight grow">
          <span className="dim">{chosen ? texts.logoPreview : texts.logoHint(MOST_BYTES / 1024)}</span>
          {can('apps:write') ? (
            <div className="row">
              {chosen ? (
                <>
                  <Button size="xs" variant="filled" loading={keep.busy} onClick={() => void keep.run(chosen)}>
                    {texts.keepLogo}
                  </Button>
                  <Button size="xs" onClick={() => setChosen(undefined)}>
                    {common.cancel}
                  </Button>
                </>
              ) : (
                <FilePick
                  label={hasLogo ? texts.otherLogo : texts.chooseLogo}
                  text={hasLogo ? texts.otherLogo : texts.chooseLogo}
                  accept={TYPES.join(',')}
                  onPick={choose}
                />
              )}
              {hasLogo && !chosen ? (
                <ActButton
                  label={texts.removeLogo}
                  size="xs"
                  confirm={{
                    title: texts.removeTitle,
                    effect: texts.removeEffect(app.label),
                    verb: texts.removeVerb,
                    danger: true,
                    onConfirm: async () => {
                      await api.DELETE('/api/v1/apps/{app}/logo', changeOf(app));
                      tellDone(texts.removed);
                      await refresh.run(undefined);
                    },
                  }}
                />
              ) : null}
            </div>
          ) : null}
        </div>
      </div>
      {problem === undefined ? null : (
        <Notice tone="bad" live>
          {problem}
        </Notice>
      )}
    </div>
  );
}

function findFault({ size, type }: File): string | undefined {
  if (!TYPES.includes(type)) return texts.wrongType;
  return size > MOST_BYTES ? texts.tooLarge(Math.ceil(size / 1024), MOST_BYTES / 1024) : undefined;
}

function toDataAddress(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
