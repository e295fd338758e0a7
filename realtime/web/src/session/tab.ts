import { session } from "../app/storage";
import { newId } from "./new-id";

/** What lets this tab, and no other, go straight back into a session that it held. */
export interface Hold {
  lockToken: string;
  resumeToken: string;
}

const TAB_KEY = "interlock.tab";
const holdKey = (tabId: string, sessionId: string): string => `interlock.hold.${tabId}.${sessionId}`;
// A page that is being refreshed gives its lock back a moment after the new one has begun to load.
const TRIES = 8;
const TRY_EVERY_MS = 60;
const ASK_MS = 150;

/**
 * Who this tab is. A duplicated tab is born with a copy of the other's sessionStorage: it must not use the
 * copied resume token, so the id counts only for the one page that holds its lock.
 */
export class Tab {
  private static claimed: Promise<Tab> | null = null;

  private constructor(readonly id: string) {}

  /** The one identity of this page. */
  static claim(): Promise<Tab> {
    Tab.claimed ??= Tab.find();
    return Tab.claimed;
  }

  private static async find(): Promise<Tab> {
    const known = session.getItem(TAB_KEY);
    if (known !== null && (await isOurs(known))) return new Tab(known);
    const id = newId();
    session.setItem(TAB_KEY, id);
    await isOurs(id);
    return new Tab(id);
  }

  hold(sessionId: string): Hold | null {
    const text = session.getItem(holdKey(this.id, sessionId));
    return text === null ? null : (JSON.parse(text) as Hold);
  }

  keepHold(sessionId: string, hold: Hold): void {
    session.setItem(holdKey(this.id, sessionId), JSON.stringify(hold));
  }

  dropHold(sessionId: string): void {
    session.removeItem(holdKey(this.id, sessionId));
  }
}

/** Whether no other page lives under this id; if so, it is taken until this page goes. */
async function isOurs(id: string): Promise<boolean> {
  // Web Locks exist only in secure contexts; elsewhere the tabs ask each other.
  return "locks" in navigator ? takeLock(`interlock.tab.${id}`) : takeChannel(`interlock.tab.${id}`);
}

async function takeLock(name: string): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (await tryLock(name)) return true;
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
  return false;
}

function tryLock(name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<never>(() => undefined); // held until the page goes
      })
      .catch(reject);
  });
}

function takeChannel(name: string): Promise<boolean> {
  const channel = new BroadcastChannel(name);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      channel.onmessage = (message) => {
        if (message.data === "who") channel.postMessage("me");
      };
      resolve(true);
    }, ASK_MS);
    channel.onmessage = (message) => {
      if (message.data !== "me") return;
      clearTimeout(timer);
      channel.close();
      resolve(false);
    };
    channel.postMessage("who");
  });
}
