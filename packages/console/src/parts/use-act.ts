import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tellDone, tellFailure } from './tell.ts';

interface Act<Input> {
  run: (input: Input) => Promise<boolean>;
  busy: boolean;
}

interface Options<Input, Result> {
  /** What was done, in the past tense, with its count; nothing where the page shows it. */
  done?: (result: Result, input: Input) => string | undefined;
  /** Beginnings of the paths that are read anew; everything unless told. */
  refresh?: readonly string[];
  after?: (result: Result, input: Input) => void;
  /** Instead of a notice: for forms that show it at their fields. */
  failed?: (error: unknown) => void;
}

/** Something that a person does to the server: once at a time, told when done, its failure said. */
export function useAct<Input, Result>(
  act: (input: Input) => Promise<Result>,
  options: Options<Input, Result> = {},
): Act<Input> {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async (input: Input): Promise<boolean> => {
    setBusy(true);
    try {
      const result = await act(input);
      const message = options.done?.(result, input);
      if (message !== undefined) tellDone(message);
      void queries.invalidateQueries(
        options.refresh
          ? {
              predicate: ({ queryKey }) =>
                options.refresh?.some((path) => String(queryKey[0]).startsWith(path)) ?? true,
            }
          : {},
      );
      options.after?.(result, input);
      return true;
    } catch (error) {
      await (options.failed ?? tellFailure)(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy };
}
