import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { Answer } from '../../api/read.ts';
import { formulaSupport } from './formula-language.ts';

export type Completions = Answer<'/api/v1/apps/{app}/mapping/completion'>;

export interface Finding {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly suggestion?: string;
  readonly severity: 'error' | 'warning';
}

interface FormulaEditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  completions: Completions | undefined;
  findings: readonly Finding[];
  readOnly?: boolean;
}

const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';

const look = EditorView.theme({
  '&': {
    fontSize: '0.875rem',
    backgroundColor: 'var(--u-panel)',
    border: '1px solid var(--u-line-strong)',
    borderRadius: '6px',
  },
  '&.cm-focused': { outline: '2px solid var(--u-accent)', outlineOffset: '1px' },
  '.cm-content': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    padding: '0.5rem 0',
    caretColor: 'var(--u-text)',
    minHeight: '3.5rem',
  },
  '.cm-line': { padding: '0 0.625rem' },
  '.cm-tooltip': {
    backgroundColor: 'var(--u-panel)',
    border: '1px solid var(--u-line-strong)',
    borderRadius: '6px',
    color: 'var(--u-text)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--u-selected)',
    color: 'var(--u-text)',
  },
  '.cm-completionDetail': { color: 'var(--u-dim)', fontStyle: 'normal', marginLeft: '0.75rem' },
  '.cm-completionInfo': { maxWidth: '22rem', padding: '0.5rem 0.625rem' },
  '.cm-diagnostic': { padding: '0.375rem 0.625rem', fontFamily: 'inherit' },
  '.cm-cursor': { borderLeftColor: 'var(--u-text)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--u-selected)' },
});

/** A formula: completed from what the app's mapping can use, with what the server finds wrong underlined in its place. */
export function FormulaEditor({ label, value, onChange, completions, findings, readOnly = false }: FormulaEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const present = useRef({ onChange, completions });
  present.current = { onChange, completions };
  const access = useRef(new Compartment());

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes is told to it below
  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          history(),
          bracketMatching(),
          closeBrackets(),
          EditorView.lineWrapping,
          formulaSupport,
          autocompletion({ override: [(context) => complete(context, present.current.completions)], icons: false }),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': label, autocapitalize: 'off', spellcheck: 'false' }),
          access.current.of(EditorState.readOnly.of(readOnly)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) present.current.onChange(update.state.doc.toString());
          }),
          look,
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: access.current.reconfigure(EditorState.readOnly.of(readOnly)) });
  }, [readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const { length } = editor.state.doc;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        findings.map((finding) => toDiagnostic(finding, length)),
      ),
    );
  }, [findings]);

  return <div ref={place} />;
}

function toDiagnostic({ message, start, end, suggestion, severity }: Finding, length: number): Diagnostic {
  const from = Math.min(start, length);
  const to = Math.min(Math.max(end, from), length);
  const fix = suggestion === undefined ? [] : [{ name: suggestion, apply: replaceBy(suggestion) }];
  return { from, to, message, severity, actions: fix };
}

function replaceBy(insert: string) {
  return (editor: EditorView, from: number, to: number) => editor.dispatch({ changes: { from, to, insert } });
}

function complete(context: CompletionContext, completions: Completions | undefined): CompletionResult | null {
  const word = context.matchBefore(/[\w.$]*/);
  if (!completions || !word || (word.from === word.to && !context.explicit)) return null;
  return { from: word.from, options: listOptions(completions), validFor: /^[\w.$]*$/ };
}

let listed: { from: Completions; options: Completion[] } | undefined;

function listOptions(completions: Completions): Completion[] {
  if (listed?.from === completions) return listed.options;
  const options: Completion[] = [
    ...completions.fields.map(({ path, type, label }) => ({
      label: path,
      type: 'property',
      detail: label === undefined ? type : `${label}, ${type}`,
      boost: 1,
    })),
    ...completions.functions.map(({ name, signature, doc, note, example }) => ({
      label: name,
      type: 'function',
      detail: signature.slice(name.length),
      info: [doc, note, example].filter(Boolean).join('\n'),
      apply: `${name}(`,
    })),
    ...completions.keywords.map((label) => ({ label, type: 'keyword' })),
    ...completions.tables.map((label) => ({ label: `"${label}"`, type: 'text' })),
  ];
  listed = { from: completions, options };
  return options;
}
