/** A question as it was written: paragraphs, and what is indented by four spaces set as code. */
export function QuestionText({ text }: { text: string }) {
  return blocks(text).map((block, at) =>
    block.code ? (
      <code key={at} tabIndex={0}>
        {block.text}
      </code>
    ) : (
      <span key={at}>{block.text}</span>
    ),
  );
}

export interface Block {
  code: boolean;
  text: string;
}

const INDENT = "    ";

/** Split a text at blank lines and where indentation begins or ends; a code block keeps its blank lines. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let blank = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") {
      blank += 1;
      continue;
    }
    const code = line.startsWith(INDENT);
    const content = code ? line.slice(INDENT.length) : line;
    const last = found.at(-1);
    if (last?.code === code && (blank === 0 || code)) last.text += "\n".repeat(blank + 1) + content;
    else found.push({ code, text: content });
    blank = 0;
  }
  return found;
}
