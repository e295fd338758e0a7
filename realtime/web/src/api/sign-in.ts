import type { DemoUser, DemoUsers, SignedIn } from "../generated/contracts";
import { isRefused } from "./errors";
import { call } from "./http";

/** The demo's users, or null where demo mode is off. */
export async function demoUsers(): Promise<DemoUser[] | null> {
  try {
    return (await call<DemoUsers>("/api/demo/users")).users;
  } catch (error) {
    if (isRefused(error) && error.status === 404) return null;
    throw error;
  }
}

export function signInAsDemoUser(email: string): Promise<SignedIn> {
  return call<SignedIn>("/api/demo/token", { method: "POST", body: { email } });
}

export function exchangeLink(token: string): Promise<SignedIn> {
  return call<SignedIn>("/api/sign-in/link", { method: "POST", body: { token } });
}
