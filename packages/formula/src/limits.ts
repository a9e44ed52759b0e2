/**
 * Bounds on what one formula may cost. They are checked before memory is taken or work is done.
 * `sourceLength` characters of source (Salesforce's limit), `depth` levels of nesting, `nodes` parts of the parsed formula,
 * `textLength` characters of any text met while evaluating, `listLength` entries of any list,
 * `regexSteps` = characters of the text × size of the compiled pattern, `textWork` characters that the functions go through
 * in one evaluation, texts of up to 1,000 characters not counted.
 */
export interface Limits {
  sourceLength: number;
  depth: number;
  nodes: number;
  textLength: number;
  listLength: number;
  regexSteps: number;
  textWork: number;
}

/** The limits that hold when `compile` is given none. With them the worst formula on the worst record takes some tenths of a second. */
export const defaultLimits: Readonly<Limits> = Object.freeze({
  sourceLength: 3900,
  depth: 64,
  nodes: 2000,
  textLength: 100_000,
  listLength: 10_000,
  regexSteps: 500_000,
  textWork: 1_000_000,
});

/** What the recursion of the parser, the checker and the closures can bear on Node's default stack, with room to spare. */
const MOST_DEPTH = 250;
const MOST_NODES = 4000;

/** The limits that hold for a call: the given ones over the defaults, capped where more would endanger the stack. */
export function resolveLimits(given: Partial<Limits> = {}): Limits {
  const limits = { ...defaultLimits, ...given };
  return { ...limits, depth: Math.min(limits.depth, MOST_DEPTH), nodes: Math.min(limits.nodes, MOST_NODES) };
}
