/** One language's texts: plain, or in the two forms that a count asks for. */
export type Message = string | { one: string; other: string };
export type Catalogue = Record<string, Message>;
export type Words = Readonly<Record<string, string | number>>;

/** Fill a message's `{name}`s; `count` chooses between its forms. */
export function say(message: Message, words: Words | undefined, language: string): string {
  const text = typeof message === "string" ? message : message[form(words, language)];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const word = words?.[name];
    if (word === undefined) return whole;
    return typeof word === "number" ? new Intl.NumberFormat(language).format(word) : word;
  });
}

function form(words: Words | undefined, language: string): "one" | "other" {
  const rule = new Intl.PluralRules(language).select(Number(words?.count ?? 0));
  return rule === "one" ? "one" : "other";
}
