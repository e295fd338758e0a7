import { createAsyncStoragePersister } from "@tanstack/query-async-storage-persister";
import { QueryClient } from "@tanstack/react-query";
import type { PersistQueryClientOptions } from "@tanstack/react-query-persist-client";
import { del, get, set } from "idb-keyval";
import { Unreachable } from "../api/errors";

const DAY_MS = 24 * 60 * 60 * 1000;
// What is kept was written by this version of the contract; another one starts empty.
const FORM = "1";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      gcTime: DAY_MS,
      staleTime: 5_000,
      networkMode: "always", // the browser's idea of being online is a guess; the request decides
      retry: (failures, error) => error instanceof Unreachable && failures < 4,
      retryDelay: (failures) => Math.min(8_000, 500 * 2 ** failures),
    },
  },
});

/** Keeps in IndexedDB, for one person, the queries that say so by `meta.persist`. */
export function persistFor(userId: string): Omit<PersistQueryClientOptions, "queryClient"> {
  return {
    persister: createAsyncStoragePersister({
      storage: { getItem: read, setItem: write, removeItem: remove },
      key: keyOf(userId),
      throttleTime: 500,
    }),
    maxAge: DAY_MS,
    buster: `${FORM}/${userId}`,
    dehydrateOptions: {
      shouldDehydrateQuery: (query) => query.state.status === "success" && query.meta?.persist === true,
    },
  };
}

const keyOf = (userId: string): string => `interlock.queries.${userId}`;

/** Somebody has signed out: what was kept for them leaves this computer. */
export function forget(userId: string): void {
  queryClient.clear();
  void remove(keyOf(userId));
}

/*
 * The cache may always be empty: a browser that forbids IndexedDB (private mode in some) does without it.
 */
async function read(key: string): Promise<string | null> {
  try {
    return (await get<string>(key)) ?? null;
  } catch (error) {
    return refused(error, null);
  }
}

async function write(key: string, value: string): Promise<void> {
  try {
    await set(key, value);
  } catch (error) {
    refused(error, undefined);
  }
}

async function remove(key: string): Promise<void> {
  try {
    await del(key);
  } catch (error) {
    refused(error, undefined);
  }
}

function refused<T>(error: unknown, instead: T): T {
  if (error instanceof DOMException || error instanceof ReferenceError) return instead;
  throw error;
}
