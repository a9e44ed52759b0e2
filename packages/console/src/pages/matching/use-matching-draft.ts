import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Configuration, type Newest, saveConfiguration } from '../../configuration/use-configuration.ts';
import { useAct } from '../../parts/use-act.ts';
import { matchingTexts } from '../../texts/matching.ts';
import type { App } from '../app/use-app.ts';

const texts = matchingTexts.attributes;
type Correlation = NonNullable<Configuration['correlation']>;

/** How accounts are to be found, as it is being edited. A version that somebody else saves meanwhile does not take it away. */
export function useMatchingDraft(app: App, newest: Newest) {
  const queries = useQueryClient();
  const [base, setBase] = useState(newest);
  const present: Correlation = base.configuration.correlation ?? {};
  const [draft, setDraft] = useState(present);
  const [failure, setFailure] = useState<unknown>();
  const changed = JSON.stringify(draft) !== JSON.stringify(present);
  const isOld = newest.version > base.version;
  const wanted: Configuration = { ...base.configuration, correlation: draft };
  const takeNewest = () => {
    setBase(newest);
    setDraft(newest.configuration.correlation ?? {});
    setFailure(undefined);
  };
  if (isOld && !changed) takeNewest();
  const save = useAct(
    async () => await saveConfiguration(app.name, wanted, { note: texts.note, baseVersion: base.version }),
    {
      done: ({ version, inForce }) => texts.saved(version ?? 0, inForce ?? false),
      failed: (error) => {
        setFailure(error);
        // It may be refused for a version that this page has not seen yet.
        void queries.invalidateQueries({ queryKey: ['/api/v1/apps/{app}/configurations', app.name] });
      },
      after: ({ version }) => setBase({ ...base, version: version ?? base.version, configuration: wanted }),
    },
  );
  return {
    draft,
    setDraft,
    wanted,
    changed,
    isOld,
    failure,
    takeNewest,
    reset: () => setDraft(present),
    busy: save.busy,
    save: () => {
      setFailure(undefined);
      void save.run(undefined);
    },
  };
}
