import { type BinaryOperator, isAmbiguousPair, type Node, precedence } from './ast.ts';
import type { Diagnostic } from './diagnostic.ts';
import { lex, SourceProblem, type Token } from './lex.ts';
import { type Limits, resolveLimits } from './limits.ts';

export type Parsed = { ok: true; ast: Node } | { ok: false; errors: Diagnostic[] };

/**
 * Parses a formula. Linear in the length of the source, which is bounded by `limits.sourceLength`; nesting and the number of
 * nodes are bounded too. Knows nothing of fields and functions: names are checked by `compile`.
 * Reports one error, the first. Syntax: the operators and literals of Salesforce's formula language.
 */
export function parse(source: string, limits?: Partial<Limits>): Parsed {
  const bounds = resolveLimits(limits);
  if (source.length > bounds.sourceLength) {
    const message = `The formula has ${source.length} characters, ${bounds.sourceLength} are allowed: shorten it.`;
    return { ok: false, errors: [{ code: 'too_long', message, start: bounds.sourceLength, end: source.length }] };
  }
  try {
    return { ok: true, ast: new Parser(lex(source), bounds).parseAll() };
  } catch (problem) {
    if (!(problem instanceof SourceProblem)) throw problem;
    const { code, message, start, end, suggestion } = problem;
    return { ok: false, errors: [{ code, message, start, end, ...(suggestion === undefined ? {} : { suggestion }) }] };
  }
}

class Parser {
  readonly #tokens: Token[];
  readonly #limits: Limits;
  readonly #parenthesised = new Set<Node>();
  #at = 0;
  #depth = 0;
  #nodes = 0;

  constructor(tokens: Token[], limits: Limits) {
    this.#tokens = tokens;
    this.#limits = limits;
  }

  parseAll(): Node {
    if (this.#isAtEnd())
      throw new SourceProblem('syntax', 'The formula is empty: name a field or write a value.', 0, this.#token.end);
    const node = this.#parseBinary(1);
    if (this.#isAtEnd()) return node;
    const closing = this.#isSymbol(')');
    throw this.#unexpected(
      closing ? 'this ) closes nothing' : 'an operator or the end of the formula is expected here',
    );
  }

  get #token(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #isAtEnd(): boolean {
    return this.#token.kind === 'end';
  }

  #isSymbol(value: string): boolean {
    const token = this.#token;
    return token.kind === 'symbol' && token.value === value;
  }

  /** The end of the token before the present one. */
  get #lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  #build<T extends Node>(node: T): T {
    this.#nodes += 1;
    if (this.#nodes <= this.#limits.nodes) return node;
    const message = `The formula has more than ${this.#limits.nodes} parts: split it over several fields.`;
    throw new SourceProblem('too_many_nodes', message, node.start, node.end);
  }

  #nest<T>(inner: () => T): T {
    this.#depth += 1;
    if (this.#depth > this.#limits.depth) {
      const message = `The formula is nested more than ${this.#limits.depth} levels deep: use CASE or IFS instead of IF inside IF.`;
      throw new SourceProblem('too_deep', message, this.#token.start, this.#token.end);
    }
    const result = inner();
    this.#depth -= 1;
    return result;
  }

  #parseBinary(lowest: number): Node {
    let left = this.#parseUnary();
    for (;;) {
      const token = this.#token;
      if (token.kind !== 'symbol' || !Object.hasOwn(precedence, token.value)) return left;
      const operator = token.value as BinaryOperator;
      if (precedence[operator] < lowest) return left;
      this.#at += 1;
      const right = this.#parseBinary(precedence[operator] + 1);
      this.#refuseAmbiguousPower(operator, left, right);
      left = this.#build({ kind: 'binary', operator, left, right, start: this.#startOf(left), end: this.#lastEnd });
    }
  }

  /** Where a node starts, its own parentheses counted in. */
  #startOf(node: Node): number {
    return this.#starts.get(node) ?? node.start;
  }
  readonly #starts = new Map<Node, number>();

  #refuseAmbiguousPower(operator: BinaryOperator, left: Node, right: Node): void {
    for (const operand of [left, right]) {
      if (operand.kind !== 'binary' || this.#parenthesised.has(operand)) continue;
      if (!isAmbiguousPair(operator, operand.operator)) continue;
      const message =
        'It is not clear whether ^ or the * or / next to it comes first: put the part that comes first in parentheses.';
      throw new SourceProblem('ambiguous_power', message, this.#startOf(left), this.#lastEnd);
    }
  }

  #parseUnary(): Node {
    const token = this.#token;
    const isNot = token.kind === 'name' && token.value.toUpperCase() === 'NOT' && !this.#opensCall();
    const isSign = token.kind === 'symbol' && (token.value === '-' || token.value === '+' || token.value === '!');
    if (!isNot && !isSign) return this.#parsePrimary();
    const operator = isNot ? '!' : (token.value as '-' | '+' | '!');
    this.#at += 1;
    const operand = this.#nest(() => this.#parseUnary());
    return this.#build({ kind: 'unary', operator, operand, start: token.start, end: this.#lastEnd });
  }

  #opensCall(): boolean {
    const next = this.#tokens[this.#at + 1];
    return next?.kind === 'symbol' && next.value === '(';
  }

  #parsePrimary(): Node {
    const token = this.#token;
    const { start, end } = token;
    if (token.kind === 'text') {
      this.#at += 1;
      return this.#build({ kind: 'text', value: token.value, start, end });
    }
    if (token.kind === 'number') {
      this.#at += 1;
      return this.#build({ kind: 'number', value: token.value, start, end });
    }
    if (token.kind === 'name') return this.#opensCall() ? this.#parseCall(token.value) : this.#parseName(token.value);
    if (this.#isSymbol('(')) return this.#parseParentheses();
    throw this.#unexpected('a field, a value or a function is expected here');
  }

  #parseName(name: string): Node {
    const { start, end } = this.#token;
    this.#at += 1;
    const word = name.toUpperCase();
    if (word === 'TRUE' || word === 'FALSE')
      return this.#build({ kind: 'boolean', value: word === 'TRUE', start, end });
    if (word === 'NULL') return this.#build({ kind: 'null', start, end });
    return this.#build({ kind: 'field', name, start, end });
  }

  #parseParentheses(): Node {
    const start = this.#token.start;
    this.#at += 1;
    const inner = this.#nest(() => this.#parseBinary(1));
    if (!this.#isSymbol(')')) throw this.#unexpected('a closing ) is expected here');
    this.#at += 1;
    this.#parenthesised.add(inner);
    this.#starts.set(inner, start);
    return inner;
  }

  #parseCall(name: string): Node {
    const start = this.#token.start;
    this.#at += 2;
    const list: Node[] = [];
    if (this.#isSymbol(')')) {
      this.#at += 1;
    } else {
      this.#nest(() => this.#parseArguments(name, list));
    }
    return this.#build({ kind: 'call', name, arguments: list, start, end: this.#lastEnd });
  }

  #parseArguments(name: string, list: Node[]): void {
    for (;;) {
      list.push(this.#parseBinary(1));
      const ends = this.#isSymbol(')');
      if (!ends && !this.#isSymbol(','))
        throw this.#unexpected(`a comma or the closing ) of ${name.toUpperCase()} is expected here`);
      this.#at += 1;
      if (ends) return;
    }
  }

  #unexpected(expectation: string): SourceProblem {
    const token = this.#token;
    if (token.kind === 'end')
      return new SourceProblem('syntax', `The formula ends too early: ${expectation}.`, token.start, token.end);
    const found = token.kind === 'text' ? 'a text' : `"${token.value}"`;
    return new SourceProblem('syntax', `Found ${found}, but ${expectation}.`, token.start, token.end);
  }
}
