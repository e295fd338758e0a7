import { defaultKeymap, history, historyField, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { persistImport } from "../../app/persist-import";
import { session } from "../../app/storage";
import { grammarOf } from "./grammar";
import { MOST_CHARACTERS } from "./prose";

export interface EditorOptions {
  text: string;
  language: string;
  label: string;
  describedBy: string;
  /** Where the undo history survives a refresh of this tab. */
  historyKey: string;
  onChange: (text: string) => void;
}

const KEEP_HISTORY_AFTER_MS = 400;

/** CodeMirror as this page uses it. */
export class CodeEditor {
  private readonly view: EditorView;
  private readonly editable = new Compartment();
  private readonly grammar = new Compartment();
  private keeping: ReturnType<typeof setTimeout> | null = null;
  private showing = false;

  constructor(
    host: HTMLElement,
    private readonly options: EditorOptions,
  ) {
    this.view = new EditorView({ parent: host, state: this.restored() });
    void persistImport(() => grammarOf(options.language)).then((grammar) => {
      this.view.dispatch({ effects: this.grammar.reconfigure(grammar) });
    });
  }

  /** Show `text` where it differs: another device's, or the draft that has just arrived. */
  show(text: string): void {
    const shown = this.view.state.doc.toString();
    if (shown === text) return;
    this.showing = true;
    this.view.dispatch({ changes: { from: 0, to: shown.length, insert: text } });
    this.showing = false;
  }

  /** Let the text be read only, or written again. */
  fix(fixed: boolean): void {
    this.view.dispatch({ effects: this.editable.reconfigure(EditorState.readOnly.of(fixed)) });
  }

  destroy(): void {
    if (this.keeping !== null) clearTimeout(this.keeping);
    this.view.destroy();
  }

  private restored(): EditorState {
    const { text, historyKey } = this.options;
    const kept = session.getItem(historyKey);
    const extensions = this.extensions();
    if (kept !== null) {
      const state = EditorState.fromJSON(JSON.parse(kept), { extensions }, { history: historyField });
      if (state.doc.toString() === text) return state; // else the history belongs to other text
    }
    return EditorState.create({ doc: text, extensions });
  }

  private keepHistory(): void {
    if (this.keeping !== null) clearTimeout(this.keeping);
    this.keeping = setTimeout(() => {
      const state = this.view.state.toJSON({ history: historyField }) as object;
      try {
        session.setItem(this.options.historyKey, JSON.stringify(state));
      } catch {
        session.removeItem(this.options.historyKey); // too long a history: a shorter one begins
      }
    }, KEEP_HISTORY_AFTER_MS);
  }

  private extensions(): Extension[] {
    const { label, describedBy, language, onChange } = this.options;
    return [
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      indentOnInput(),
      indentUnit.of(language.toLowerCase().startsWith("python") ? "    " : "  "),
      bracketMatching(),
      highlightActiveLine(),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": label,
        "aria-describedby": describedBy,
        spellcheck: "false",
      }),
      this.editable.of(EditorState.readOnly.of(false)),
      EditorState.changeFilter.of((change) => !change.docChanged || change.newDoc.length <= MOST_CHARACTERS),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        this.keepHistory();
        if (!this.showing) onChange(update.state.doc.toString());
      }),
      this.grammar.of([]),
      syntaxHighlighting(COLOURS),
      LOOK,
    ];
  }
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.comment, tags.meta], color: "var(--code-comment)", fontStyle: "italic" },
  {
    tag: [tags.function(tags.variableName), tags.definition(tags.function(tags.variableName))],
    color: "var(--code-name)",
  },
  { tag: [tags.typeName, tags.className], color: "var(--code-type)" },
]);

const LOOK = EditorView.theme({
  "&": { fontSize: "0.9375rem", backgroundColor: "var(--surface)", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "18rem", maxHeight: "60vh" },
  ".cm-content, .cm-gutter": { minHeight: "18rem" },
  ".cm-content": { caretColor: "var(--accent)", padding: "0.75rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--surface-sunk)", color: "var(--ink-soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    outline: "1px solid var(--accent)",
  },
});
