import { Button, Tooltip } from '@mantine/core';
import { api } from '../../api/api.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { rolloutTexts as texts } from '../../texts/rollout.ts';
import type { Rollout } from './rollout-queries.ts';

type Command = Rollout['commands'][number];
type Name = Command['command'];

const PATHS: Record<Name, string> = {
  start: 'start',
  pause: 'pause',
  continue: 'continue',
  advance: 'advance',
  stop: 'stop',
  undo: 'undo-stage',
  'roll back': 'roll-back',
};
/** Letting people in is to configure; holding back and going back is to operate. */
const SCOPES: Record<Name, string> = {
  start: 'apps:write',
  continue: 'apps:write',
  advance: 'apps:write',
  pause: 'apps:operate',
  stop: 'apps:operate',
  undo: 'apps:operate',
  'roll back': 'apps:operate',
};
const FORWARD = new Set<Name>(['start', 'continue', 'advance']);
const DANGEROUS = new Set<Name>(['stop', 'undo', 'roll back']);

/** What may be done now; what may not says why. */
export function RolloutCommands({ app, rollout }: { app: string; rollout: Rollout }) {
  const { can } = useSession();
  const offered = rollout.commands.filter(
    ({ command, possible }) => can(SCOPES[command]) && (possible || isAwaited(command, rollout.state)),
  );
  if (offered.length === 0) return null;
  return (
    <div className="row">
      {offered.map((command) =>
        command.possible ? (
          <CommandButton key={command.command} app={app} rollout={rollout} command={command} />
        ) : (
          <Tooltip key={command.command} label={[command.why, command.fix].filter(Boolean).join(' ')} maw={320}>
            <Button data-disabled onClick={(event) => event.preventDefault()} aria-disabled>
              {texts.commands[command.command]}
            </Button>
          </Tooltip>
        ),
      )}
    </div>
  );
}

/** The step that one looks for in a state, and is told why it cannot be taken. */
function isAwaited(command: Name, state: Rollout['state']): boolean {
  if (command === 'start') return state === 'planned';
  if (command === 'continue') return state === 'paused' || state === 'halted';
  return command === 'advance' && state === 'running';
}

interface CommandButtonProps {
  app: string;
  rollout: Rollout;
  command: Command;
}

function CommandButton({ app, rollout, command: { command, needs, leadsTo } }: CommandButtonProps) {
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps', '/api/v1/users'] });
  const override = needs.includes('override');
  const label = texts.commands[command] ?? command;
  const reached = rollout.stages.reduce((sum, { work }) => sum + work.reached, 0);
  const closed = rollout.gates.filter(({ open }) => !open);
  const primary = FORWARD.has(command) && !override;
  return (
    <ActButton
      label={label}
      {...(primary ? { variant: 'filled' } : {})}
      confirm={{
        title: override ? texts.overrideTitle(label) : texts.commandTitle(label),
        effect: (
          <>
            {texts.effects[command]} {leadsTo ? texts.leadsTo(leadsTo) : ''}{' '}
            {FORWARD.has(command) ? '' : texts.reach(reached)}
            {override ? (
              <>
                <p>{texts.overrideEffect}</p>
                <ul>
                  {closed.map(({ gate, message }) => (
                    <li key={gate}>{message}</li>
                  ))}
                </ul>
              </>
            ) : null}
          </>
        ),
        verb: texts.verbs[command] ?? label,
        danger: override || DANGEROUS.has(command),
        reason:
          override || needs.includes('reason') || command === 'undo' || command === 'roll back'
            ? 'required'
            : undefined,
        onConfirm: async (reason) => {
          const post = api.POST as unknown as (path: string, init: object) => Promise<unknown>;
          await post(`/api/v1/apps/{app}/rollouts/{rollout}/${PATHS[command]}`, {
            params: { path: { app, rollout: rollout.id }, header: { 'If-Match': rollout.etag ?? '*' } },
            ...(reason === undefined ? {} : { body: override ? { override: reason } : { reason } }),
          });
          tellDone(texts.done(label));
          await refresh.run(undefined);
        },
      }}
    />
  );
}
