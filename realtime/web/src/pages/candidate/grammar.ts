import type { Extension } from "@codemirror/state";

/** Colours and indentation of one language; each comes as a chunk of its own, and none as plain text. */
export async function grammarOf(language: string): Promise<Extension> {
  switch (language.toLowerCase()) {
    case "javascript":
    case "js":
    case "jsx":
      return (await import("@codemirror/lang-javascript")).javascript({ jsx: true });
    case "typescript":
    case "ts":
      return (await import("@codemirror/lang-javascript")).javascript({ typescript: true });
    case "tsx":
      return (await import("@codemirror/lang-javascript")).javascript({ typescript: true, jsx: true });
    case "python":
    case "python3":
      return (await import("@codemirror/lang-python")).python();
    case "sql":
    case "postgresql":
      return (await import("@codemirror/lang-sql")).sql();
    case "java":
    case "kotlin":
      return (await import("@codemirror/lang-java")).java();
    case "c":
    case "c++":
    case "cpp":
      return (await import("@codemirror/lang-cpp")).cpp();
    default:
      return []; // plain text: better no colours than wrong ones
  }
}
