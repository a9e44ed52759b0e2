import { Refusal } from '../refusal.ts';

/** Why an answer of an authorization was not taken. Closed: each has its own row in the audit and the log. */
export const ANSWER_REFUSALS = {
  malformed: 'The answer lacks its state, or names something twice.',
  unknown_state: 'No authorization with this state was begun here, or it is long over.',
  used_state: 'This answer was used already.',
  expired_state: 'The authorization took longer than 15 minutes.',
  other_browser: 'The authorization was begun in another browser or at the command line.',
  other_caller: 'The authorization was begun by somebody else.',
  wrong_callback: "The answer came to another app's callback URL.",
  settings_changed: 'The OAuth settings of the app were changed meanwhile.',
  missing_issuer: 'The target promises to name itself in its answer (iss), and this answer does not.',
  wrong_issuer: 'The answer names another authorization server than the one that was asked.',
  denied: 'The target says that the authorization was not given.',
  code_refused: 'The target does not take the code of the answer.',
  tokens_unusable: 'The target took the code, and its tokens cannot be used.',
  target_unreachable: 'The target could not be asked for the tokens.',
} as const;

export type AnswerRefusalReason = keyof typeof ANSWER_REFUSALS;

const FIXES: Record<AnswerRefusalReason, string> = {
  malformed: 'Begin again, and give the whole address of the page that the target led to.',
  unknown_state: 'Begin again.',
  used_state: 'Look whether the app is authorized; begin again if it is not.',
  expired_state: 'Begin again.',
  other_browser:
    'Go on in the browser that began it, or give the address of this page to who began it: usher authorize APP --answer ADDRESS.',
  other_caller: 'Begin it with the key or account that gives the answer.',
  wrong_callback: 'Begin again, and check the callback URL that the target has for this app.',
  settings_changed: 'Begin again.',
  missing_issuer:
    'Begin again; if it stays so, the answer does not come from the target, or the target breaks its promise.',
  wrong_issuer: 'Do not go on: the answer may be meant to steal the code. Check the issuer in the OAuth settings.',
  denied: 'Begin again with an account that may give the scopes.',
  code_refused: 'Begin again. If it stays so, compare consumer key, secret and callback URL with the target.',
  tokens_unusable: 'Read what is wrong with them, correct the settings, and begin again.',
  target_unreachable: 'Begin again when it is up.',
};

/** The answer of an authorization is not taken; nothing of it was stored. */
export class RefusedAnswer extends Refusal {
  readonly reason: AnswerRefusalReason;
  /** What is told apart from the reason's own words. */
  readonly particulars: string | undefined;
  readonly appId: number | undefined;

  constructor(
    reason: AnswerRefusalReason,
    more: { particulars?: string | undefined; appId?: number | undefined } = {},
  ) {
    const { particulars, appId } = more;
    const problem = particulars === undefined ? ANSWER_REFUSALS[reason] : `${ANSWER_REFUSALS[reason]} ${particulars}`;
    super('conflict', `${problem} ${FIXES[reason]}`, [
      { field: 'answer', problem: problem.replace(/\.$/, ''), fix: FIXES[reason] },
    ]);
    this.name = 'RefusedAnswer';
    this.reason = reason;
    this.particulars = particulars;
    this.appId = appId;
  }
}
