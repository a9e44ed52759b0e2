/** The binary operators, `==` and `!=` being read as `=` and `<>`. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '&' | '=' | '<>' | '<' | '<=' | '>' | '>=' | '&&' | '||';

/** The prefix operators; `NOT x` is read as `!x`. */
export type UnaryOperator = '-' | '+' | '!';

/**
 * A parsed formula. Every node has its place in the source (character offsets, end exclusive); a parenthesised part has
 * the place of what is inside. Names keep the spelling of the source. Comments and parentheses are not kept.
 */
export type Node = { start: number; end: number } & (
  | { kind: 'text'; value: string }
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' }
  | { kind: 'field'; name: string }
  | { kind: 'call'; name: string; arguments: Node[] }
  | { kind: 'unary'; operator: UnaryOperator; operand: Node }
  | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }
);

/**
 * How tightly an operator binds, loosest first. `^` is looser than `*` and `/` and groups to the left, as in the official
 * grammar; because other implementations differ, the parser refuses the mix without parentheses.
 */
export const precedence: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '=': 3,
  '<>': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '&': 5,
  '^': 6,
  '*': 7,
  '/': 7,
};

/** Whether one is `^` and the other `*` or `/`: the pair whose order implementations disagree on. */
export function isAmbiguousPair(one: BinaryOperator, other: BinaryOperator): boolean {
  const isProduct = (operator: BinaryOperator) => operator === '*' || operator === '/';
  return (one === '^' && isProduct(other)) || (isProduct(one) && other === '^');
}
