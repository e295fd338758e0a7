// Settings of both processes.
const env = process.env

// The ordinary peer is written as the libraries' documentation has it. The tuned one has what was found to help beside
// that: pg's pipeline mode, jobs added once a turn of the loop and not waited for, and ioredis' auto-pipelining.
const tuned = env.PEER_TUNED === '1'
const flag = (name) => (env[name] === undefined ? tuned : env[name] === '1')

export const settings = {
  databaseUrl: env.PEER_DATABASE_URL,
  redisUrl: env.PEER_REDIS_URL,
  port: Number(env.PORT ?? 0),
  jwtSecret: env.PEER_JWT_SECRET,
  graceMs: 2_000,
  poolSize: Number(env.PEER_POOL ?? 16),
  workerConcurrency: Number(env.PEER_CONCURRENCY ?? 16),
  pipeline: flag('PEER_PIPELINE'),
  addInBulk: flag('PEER_BULK'),
  autoPipelining: flag('PEER_AUTO_PIPELINING'),
}

// Two peers may share one Valkey.
const name = env.PEER_NAME ?? 'peer'
export const QUEUE = `${name}-grading`
export const EVALUATED = `${name}.evaluated`
