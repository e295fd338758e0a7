import { create } from "zustand";
import { local } from "../app/storage";
import { say, type Catalogue, type Message, type Words } from "./catalogue";
import { en } from "./en";

export type { Words } from "./catalogue";
export type Language = "en" | "de";
export type CandidateKey = keyof typeof en;
export type Say<Key extends string> = (key: Key, words?: Words) => string;

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };
const KEY = "interlock.language";

export const useLanguage = create<{ language: Language }>(() => ({ language: "en" }));

type Texts<Key extends string> = Record<Key, Message>;

/**
 * One part of the product's texts: English comes with the code that says it, other languages as chunks of
 * their own. `load` is awaited before the first page; a part that comes later fetches its language itself.
 */
export function textsOf<Source extends Catalogue>(
  english: Source,
  german: () => Promise<Texts<keyof Source & string>>,
): { use: () => Say<keyof Source & string>; load: (language: Language) => Promise<void> } {
  type Key = keyof Source & string;
  const store = create<{ language: Language; texts: Texts<Key> }>(() => ({ language: "en", texts: english }));
  const load = async (language: Language): Promise<void> => {
    if (store.getState().language === language) return;
    store.setState({ language, texts: language === "de" ? await german() : english });
  };
  useLanguage.subscribe(({ language }) => void load(language));
  return {
    load,
    use: () => {
      const { language, texts } = store();
      return (key, words) => say(texts[key], words, language);
    },
  };
}

const candidateTexts = textsOf(en, async () => (await import("./de")).de);

/** The texts of the candidate's and the shared pages. */
export const useWords: () => Say<CandidateKey> = candidateTexts.use;

/** Change the language of the page. */
export async function speak(language: Language): Promise<void> {
  await candidateTexts.load(language);
  document.documentElement.lang = language;
  useLanguage.setState({ language });
}

export function chooseLanguage(language: Language): Promise<void> {
  local.setItem(KEY, language);
  return speak(language);
}

/** What was chosen before, else what the browser asks for, else English. */
export function preferredLanguage(): Language {
  const chosen = local.getItem(KEY) ?? navigator.language.slice(0, 2);
  return chosen in LANGUAGES ? (chosen as Language) : "en";
}
