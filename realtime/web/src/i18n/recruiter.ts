import { useLanguage, type Say, textsOf } from "./index";
import { enRecruiter } from "./en-recruiter";

export type RecruiterKey = keyof typeof enRecruiter;

const texts = textsOf(enRecruiter, async () => (await import("./de-recruiter")).deRecruiter);
await texts.load(useLanguage.getState().language);

/** The texts of the recruiter's pages. */
export const useRecruiterWords: () => Say<RecruiterKey> = texts.use;
