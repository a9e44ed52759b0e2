import { Refusal } from '../refusal.ts';

/** A piece that the next one needs is not there, or does not fit it: which one, and what to do. */
export class MissingPieceError extends Refusal {
  readonly piece: string;
  readonly problem: string;
  readonly fix: string;

  constructor(piece: string, problem: string, fix: string) {
    super('conflict', `${problem} ${fix}`, [{ field: piece, problem: problem.replace(/\.$/, ''), fix }]);
    this.name = 'MissingPieceError';
    this.piece = piece;
    this.problem = problem;
    this.fix = fix;
  }
}
