import type { CandidateKey } from "./index";
import type { Message } from "./catalogue";
import { en } from "./en";

export const de: Record<CandidateKey, Message> = { ...en };
