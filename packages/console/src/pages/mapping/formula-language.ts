import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const WORDS = /^(?:TRUE|FALSE|NULL)\b/i;

/** Enough of the formula language to colour it; the server parses it. */
const formulaLanguage = StreamLanguage.define<null>({
  name: 'formula',
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^\/\*[\s\S]*?(?:\*\/|$)/)) return 'comment';
    if (stream.match(/^"(?:\\.|""|[^"\\])*"?/) || stream.match(/^'(?:\\.|''|[^'\\])*'?/)) return 'string';
    if (stream.match(/^\d+(?:\.\d+)?/)) return 'number';
    if (stream.match(WORDS)) return 'keyword';
    if (stream.match(/^[A-Za-z_][\w]*(?=\s*\()/)) return 'variableName.function';
    if (stream.match(/^[A-Za-z_$][\w.$]*/)) return 'propertyName';
    if (stream.match(/^(?:<>|<=|>=|==|!=|&&|\|\||[-+*/^&<>=!])/)) return 'operator';
    stream.next();
    return null;
  },
});

const colours = HighlightStyle.define([
  { tag: tags.string, color: 'var(--u-ok)' },
  { tag: tags.number, color: 'var(--u-held)' },
  { tag: tags.keyword, color: 'var(--u-held)' },
  { tag: tags.comment, color: 'var(--u-dim)', fontStyle: 'italic' },
  { tag: tags.function(tags.variableName), color: 'var(--u-link)', fontWeight: '600' },
  { tag: tags.propertyName, color: 'var(--u-text)' },
  { tag: tags.operator, color: 'var(--u-wait)' },
]);

export const formulaSupport = [formulaLanguage, syntaxHighlighting(colours)];
