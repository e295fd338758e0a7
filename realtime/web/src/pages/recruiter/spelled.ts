import { useRecruiterWords, type RecruiterKey } from "../../i18n/recruiter";
import { enRecruiter } from "../../i18n/en-recruiter";

/** A word of the server's in the reader's language; one that this version does not know, spelled out. */
export function useSpelled(group: "flag" | "kind"): (word: string) => string {
  const say = useRecruiterWords();
  return (word) => {
    const key = `${group}.${word}`;
    return key in enRecruiter ? say(key as RecruiterKey) : spelled(word);
  };
}

export const useFlagWord = (): ((flag: string) => string) => useSpelled("flag");

/** `question_advanced` is a name among programs; people read "Question advanced". */
function spelled(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
