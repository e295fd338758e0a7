import type { Receipt } from "../generated/contracts";

/** `unchecked`: no SubtleCrypto here, for the page came neither over HTTPS nor from this machine. */
export type Check = "verified" | "differs" | "unchecked";

/** The receipt's hash as the contract spells it; null where the browser cannot compute it. */
export async function receiptHash(
  sessionId: string,
  questionId: string,
  answer: string | null,
): Promise<string | null> {
  if (!isSecureContext) return null;
  const bytes = new TextEncoder().encode(`${sessionId}\n${questionId}\n${answer ?? ""}`);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hold a receipt against the text that was sent. */
export async function checkReceipt(
  receipt: Receipt,
  { sessionId, questionId, answer }: { sessionId: string; questionId: string; answer: string | null },
): Promise<Check> {
  const expected = await receiptHash(sessionId, questionId, answer);
  if (expected === null) return "unchecked";
  return expected === receipt.sha256.toLowerCase() ? "verified" : "differs";
}

/** What the contract lets an answer be: well-formed Unicode without U+0000; blank is no answer. */
export function storable(text: string | null): string | null {
  if (text === null || text.trim() === "") return null;
  return text.replaceAll("\u0000", "").replace(/\p{Surrogate}/gu, "\uFFFD");
}
