import { useLanguage, type Say, textsOf } from "./index";
import { enAuthoring } from "./en-authoring";

export type AuthoringKey = keyof typeof enAuthoring;

const texts = textsOf(enAuthoring, async () => (await import("./de-authoring")).deAuthoring);
await texts.load(useLanguage.getState().language);

/** The texts of the pages on which interviews are written. */
export const useAuthoringWords: () => Say<AuthoringKey> = texts.use;
