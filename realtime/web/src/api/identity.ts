import { create } from "zustand";
import { local, session, type Kept } from "../app/storage";
import type { Role, SignedIn } from "../generated/contracts";

export type { Role } from "../generated/contracts";
export type Identity = SignedIn;

/*
 * Who is signed in is kept twice. The tab's own copy (sessionStorage) wins, so that signing in next door does
 * not change who this tab is; the copy of each role (localStorage) survives a closed tab or a crash.
 */
const TAB_KEY = "interlock.identity";
const roleKey = (role: Role): string => `interlock.identity.${role}`;

interface IdentityState {
  identity: Identity | null;
  /** Why nobody is signed in any more, to be told on the sign-in page. */
  lapsed: boolean;
}

export const useIdentity = create<IdentityState>(() => ({
  identity: read(session, TAB_KEY),
  lapsed: false,
}));

/** Make this tab the right person for a page of `role`: the last one of that role in this browser. */
export function adoptIdentity(role: Role): void {
  if (useIdentity.getState().identity?.user.role === role) return;
  const kept = read(local, roleKey(role));
  if (kept) signIn(kept);
}

/** Anybody this browser knows, for "go on as" on the sign-in page. */
export function knownIdentity(): Identity | null {
  const tab = useIdentity.getState().identity;
  return tab ?? read(local, roleKey("candidate")) ?? read(local, roleKey("recruiter"));
}

export function signIn(identity: Identity): void {
  write(session, TAB_KEY, identity);
  write(local, roleKey(identity.user.role), identity);
  useIdentity.setState({ identity, lapsed: false });
}

/** A fresh token came with start or join: it outlives the interview. */
export function renewToken(token: string): void {
  const identity = useIdentity.getState().identity;
  if (identity) signIn({ ...identity, token });
}

export function signOut({ lapsed }: { lapsed: boolean }): void {
  const identity = useIdentity.getState().identity;
  session.removeItem(TAB_KEY);
  if (identity) {
    const kept = read(local, roleKey(identity.user.role));
    if (kept?.user.id === identity.user.id) local.removeItem(roleKey(identity.user.role));
  }
  useIdentity.setState({ identity: null, lapsed });
}

export function currentToken(): string | null {
  return useIdentity.getState().identity?.token ?? null;
}

function read(storage: Kept, key: string): Identity | null {
  const text = storage.getItem(key);
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<Identity>;
    return value.token && value.user ? { token: value.token, user: value.user } : null;
  } catch {
    storage.removeItem(key); // not written by this version: as good as signed out
    return null;
  }
}

function write(storage: Kept, key: string, identity: Identity): void {
  storage.setItem(key, JSON.stringify(identity));
}
