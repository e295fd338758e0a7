// Connections to PostgreSQL and Valkey, as both processes want them.
import { Redis } from 'ioredis'
import pg from 'pg'

import { settings } from './settings.js'

export function openPool() {
  return new pg.Pool({
    connectionString: settings.databaseUrl,
    max: settings.poolSize,
    min: settings.poolSize,
    idleTimeoutMillis: 0,
    pipeline: settings.pipeline,
  })
}

/** Named statements are prepared once a connection. */
export const prepared = (name, text) => (values) => ({ name, text, values })

export function openRedis(options = {}) {
  return new Redis(settings.redisUrl, {
    maxRetriesPerRequest: null,
    enableAutoPipelining: settings.autoPipelining,
    ...options,
  })
}
