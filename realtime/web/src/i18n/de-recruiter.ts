import type { Message } from "./catalogue";
import { enRecruiter } from "./en-recruiter";

export const deRecruiter: Record<keyof typeof enRecruiter, Message> = { ...enRecruiter };
