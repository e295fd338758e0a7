// The peer's HTTP and Socket.IO server: takes answers, makes jobs of them, tells the recruiter's room.
import { serve } from '@hono/node-server'
import { Queue } from 'bullmq'
import { Hono } from 'hono'
import { Server } from 'socket.io'

import { EVALUATED, QUEUE, settings } from './settings.js'
import { openPool, openRedis } from './stores.js'
import { Refused, makeSubmit, parse } from './submit.js'
import { identify } from './tokens.js'

const pool = openPool()
const queue = new Queue(QUEUE, { connection: openRedis(), defaultJobOptions: { removeOnComplete: true, attempts: 5 } })
queue.on('error', (error) => console.error('queue', error.message))

const jobs = []

/** What a turn of the loop commits becomes jobs together: one round trip for all. The sweeper finds what is lost. */
function addSoon(job) {
  if (jobs.push(job) > 1) return
  setImmediate(() => {
    queue.addBulk(jobs.splice(0)).catch((error) => console.error('not queued', error.message))
  })
}

async function addNow({ name, data, opts }) {
  try {
    await queue.add(name, data, opts)
  } catch (error) {
    console.error('not queued', error.message) // the answer is stored: the sweeper finds it
  }
}

const addJob = settings.addInBulk ? addSoon : addNow

function announce({ row, answerId, payload }) {
  const { recruiter_id, id: session_id, interview_id, candidate_name } = row
  recruiters.to(`recruiter_${recruiter_id}`).emit('answer_submitted', {
    session_id,
    interview_id,
    candidate_name,
    ...payload,
  })
  return addJob({ name: 'grade', data: { answerId }, opts: { jobId: answerId } })
}

const submit = makeSubmit({ pool, announce })
const app = new Hono()

app.get('/readyz', (c) => c.text('ok'))

app.post('/api/interviews/:session_id/answers', async (c) => {
  const header = c.req.header('authorization') ?? ''
  const claims = header.startsWith('Bearer ') ? await identify(header.slice(7)) : null
  if (claims === null) return c.json({ code: 'unauthenticated' }, 401)
  if (claims.role !== 'candidate') return c.json({ code: 'wrong_role' }, 403)
  let body
  try {
    body = await c.req.json()
  } catch {
    return c.json({ code: 'malformed_json' }, 400)
  }
  const request = parse(body)
  if (request === null) return c.json({ code: 'invalid_body' }, 422)
  try {
    return c.json(await submit(claims.sub, c.req.param('session_id'), request))
  } catch (error) {
    if (error instanceof Refused) return c.json(error.body, error.status)
    throw error
  }
})

app.onError((error, c) => {
  console.error(error)
  return c.json({ code: 'internal_error' }, 500)
})

const http = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: settings.port })
const io = new Server(http, { transports: ['websocket'], serveClient: false })
const recruiters = io.of('/recruiter')

recruiters.use(async (socket, next) => {
  const claims = await identify(socket.handshake.auth.token ?? '')
  if (claims?.role !== 'recruiter') return next(new Error('unauthenticated'))
  socket.join(`recruiter_${claims.sub}`)
  return next()
})

const hearing = openRedis({ enableAutoPipelining: false })
await hearing.subscribe(EVALUATED)
hearing.on('message', (_channel, message) => {
  const { recruiter_id, ...payload } = JSON.parse(message)
  recruiters.to(`recruiter_${recruiter_id}`).emit('answer_evaluated', payload)
})
