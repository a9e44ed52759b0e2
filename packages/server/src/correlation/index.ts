export { type AccountOwner, type Choice, chooseAccount, type MatchResult } from './choose-account.ts';
