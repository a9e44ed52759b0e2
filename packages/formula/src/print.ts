import { type BinaryOperator, isAmbiguousPair, type Node, precedence } from './ast.ts';
import { spellNumber } from './numbers.ts';

/**
 * Writes a parsed formula as source, with the fewest parentheses and one blank around operators. Parsing what it writes
 * gives the same tree again (places apart). Function names and the words TRUE, FALSE, NULL are written in capitals,
 * field names as they stand in the tree.
 */
export function print(node: Node): string {
  switch (node.kind) {
    case 'text':
      return printText(node.value);
    case 'number':
      return spellNumber(node.value);
    case 'boolean':
      return node.value ? 'TRUE' : 'FALSE';
    case 'null':
      return 'NULL';
    case 'field':
      return node.name;
    case 'call':
      return `${node.name.toUpperCase()}(${node.arguments.map(print).join(', ')})`;
    case 'unary':
      return `${node.operator}${node.operand.kind === 'binary' ? `(${print(node.operand)})` : print(node.operand)}`;
    case 'binary':
      return `${printOperand(node.left, node.operator, false)} ${node.operator} ${printOperand(node.right, node.operator, true)}`;
  }
}

/** All operators group to the left, so an operator of the same rank needs parentheses on the right only. */
function printOperand(operand: Node, parent: BinaryOperator, isRight: boolean): string {
  const text = print(operand);
  if (operand.kind !== 'binary') return text;
  const difference = precedence[operand.operator] - precedence[parent];
  const needed = difference < 0 || (isRight && difference === 0) || isAmbiguousPair(parent, operand.operator);
  return needed ? `(${text})` : text;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/** A text as a literal of the language, in double quotes. */
export function printText(value: string): string {
  return `"${value.replace(/[\n\r\t"\\]/g, (character) => ESCAPES[character] ?? character)}"`;
}
