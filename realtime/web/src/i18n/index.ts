import { create } from "zustand";
import { local } from "../app/storage";
import { say, type Message, type Words } from "./catalogue";
import { en } from "./en";

export type { Words } from "./catalogue";
export type CandidateKey = keyof typeof en;
export type Language = "en" | "de";
type Texts = Record<CandidateKey, Message>;

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };
const KEY = "interlock.language";

export const useLanguage = create<{ language: Language; texts: Texts }>(() => ({
  language: "en",
  texts: en,
}));

/** Change the language; the texts of any but English come as a chunk of their own. */
export async function speak(language: Language): Promise<void> {
  const texts = language === "de" ? (await import("./de")).de : en;
  document.documentElement.lang = language;
  useLanguage.setState({ language, texts });
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

/** The texts of the candidate's and the shared pages. */
export function useWords(): (key: CandidateKey, words?: Words) => string {
  const { language, texts } = useLanguage();
  return (key, words) => say(texts[key], words, language);
}
