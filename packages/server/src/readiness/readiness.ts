import type { FieldProblem, Place } from '../refusal.ts';

/** The six pieces that have to be wired up, in their order. */
export const PIECES = ['app', 'protocol', 'credential', 'mapping', 'triggers', 'trial'] as const;
export type PieceName = (typeof PIECES)[number];

/** What a piece is, for people. */
export const PIECE_TITLES: Record<PieceName, string> = {
  app: 'App and its credential',
  protocol: 'Protocol and connector',
  credential: 'Credential accepted by the target',
  mapping: 'Attribute mapping',
  triggers: 'Triggers',
  trial: 'Drill and pilot',
};

/** How far an app is: each level needs what the one before does. */
export const LEVELS = ['drill', 'pilot', 'promotion'] as const;
export type Level = (typeof LEVELS)[number];

/** One thing that was looked at. */
export interface Check {
  check: string;
  ok: boolean;
  message: string;
  /** What to do; null when it is in order. */
  fix: string | null;
  /** Where the console does it, when that is not where the piece is. */
  place: Place | null;
}

export interface Piece {
  piece: PieceName;
  title: string;
  ok: boolean;
  checks: Check[];
  /** What a person should know, and nothing waits for. */
  warnings: { message: string; fix: string }[];
}

export interface Readiness {
  app: string;
  version: number | null;
  checkedAt: Date;
  pieces: Piece[];
  /** Whether a level is open, and what is red on the way to it. */
  levels: Record<Level, { open: boolean; blockers: Blocker[] }>;
}

/** What stands in the way, at the place where it matters. */
export interface Blocker {
  piece: string;
  problem: string;
  fix: string;
  place: Place | null;
}

/** A blocker as a refusal tells it. */
export function toFieldProblem({ problem, fix, place }: Blocker, field: string): FieldProblem {
  return { field, problem, fix, ...(place === null ? {} : { place }) };
}

export function passed(check: string, message: string): Check {
  return { check, ok: true, message, fix: null, place: null };
}

export function failed(check: string, message: string, fix: string, place: Place | null = null): Check {
  return { check, ok: false, message, fix, place };
}

export function buildPiece(piece: PieceName, checks: Check[], warnings: Piece['warnings'] = []): Piece {
  return { piece, title: PIECE_TITLES[piece], ok: checks.every(({ ok }) => ok), checks, warnings };
}

/** Which checks each level needs: the first five pieces; then a passed drill and a named pilot; then a drill that still holds. */
export function judgeLevels(pieces: readonly Piece[]): Readiness['levels'] {
  const needs: Record<Level, (piece: PieceName, check: string) => boolean> = {
    drill: (piece) => piece !== 'trial',
    pilot: () => true,
    promotion: (piece, check) => piece !== 'trial' || check === 'drill',
  };
  const judge = (level: Level) => {
    const blockers = pieces.flatMap(({ piece, checks }) =>
      checks
        .filter(({ ok, check }) => !ok && needs[level](piece, check))
        .map(({ message, fix, place }) => ({ piece, problem: message, fix: fix ?? '', place })),
    );
    return { open: blockers.length === 0, blockers };
  };
  return { drill: judge('drill'), pilot: judge('pilot'), promotion: judge('promotion') };
}
