import { appTexts } from '../../texts/apps.ts';
import classes from './app-logo.module.css';
import type { App } from './use-app.ts';

const texts = appTexts.presentation;

/** The picture of an app, or nothing. It only repeats the name beside it, so nobody needs to hear of it. */
export function AppLogo({
  app,
  size = 'small',
}: {
  app: Pick<App, 'name' | 'presentation'>;
  size?: 'small' | 'large';
}) {
  const { presentation, name } = app;
  if (!presentation?.hasLogo) return null;
  // The address changes with the picture, so that the browser may keep it.
  const address = `/api/v1/apps/${encodeURIComponent(name)}/logo?of=${encodeURIComponent(presentation.updatedAt ?? '')}`;
  return <img className={classes['logo']} data-size={size} src={address} alt="" />;
}

interface Contact {
  contactName: string | null;
  contactEmail: string | null;
  contactPhone: string | null;
  infoUrl?: string | null;
}

/** Whom to ask about an app, and where to read more. */
export function AppContact({ contact }: { contact: Contact }) {
  const { contactName, contactEmail, contactPhone, infoUrl } = contact;
  const ways = [
    contactEmail ? (
      <a key="email" href={`mailto:${contactEmail}`} className="break">
        {contactEmail}
      </a>
    ) : null,
    contactPhone ? (
      <a key="phone" href={`tel:${contactPhone.replace(/[^+\d]/g, '')}`} className="nowrap">
        {contactPhone}
      </a>
    ) : null,
  ].filter((way) => way !== null);
  const isAsked = Boolean(contactName) || ways.length > 0;
  return (
    <span className={classes['contact']}>
      {isAsked ? (
        <span>
          {texts.ask} {contactName} {ways}
        </span>
      ) : null}
      {infoUrl ? (
        <a href={infoUrl} target="_blank" rel="noreferrer">
          {texts.more}
        </a>
      ) : null}
    </span>
  );
}
