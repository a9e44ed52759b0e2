import { Panel } from '../../parts/panel.tsx';
import { setupTexts } from '../../texts/setup.ts';
import { AppIdentity } from '../app/app-identity.tsx';
import type { App } from '../app/use-app.ts';
import classes from './setup-page.module.css';

export function AppStep({ app }: { app: App }) {
  return (
    <Panel title={setupTexts.app.title}>
      <div className="stack">
        <p className={classes['lead']}>{setupTexts.app.lead}</p>
        <AppIdentity key={app.name} app={app} />
      </div>
    </Panel>
  );
}
