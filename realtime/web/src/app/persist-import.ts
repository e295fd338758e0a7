const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 4_000;

/** Load a chunk however often it takes: the network may be away just when it is needed. */
export async function persistImport<T>(load: () => Promise<T>): Promise<T> {
  for (let rest = FIRST_REST_MS; ; rest = Math.min(LONGEST_REST_MS, rest * 2)) {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // what browsers throw when a chunk cannot be fetched
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }
}
