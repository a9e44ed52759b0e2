export { checkReadiness, findBlockers } from './check-readiness.ts';
export { type Blocker, LEVELS, type Level, PIECES, type Piece, type Readiness, toFieldProblem } from './readiness.ts';
export { startDrill } from './start-drill.ts';
