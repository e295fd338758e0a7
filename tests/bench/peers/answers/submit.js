// One answer: lock, read the clock, decide, write, commit; the job and the recruiter's room come after that.
import { hash, randomUUID } from 'node:crypto'

import { settings } from './settings.js'
import { prepared } from './stores.js'

// The outer select runs after the lock wait, so `now` is not frozen before it.
const lock = prepared(
  'lock',
  `WITH locked AS MATERIALIZED (SELECT * FROM sessions WHERE id = $1 AND user_id = $2 FOR UPDATE)
   SELECT locked.*, clock_timestamp() AS now FROM locked`,
)

const earlier = prepared(
  'earlier',
  'SELECT id, sha256, submitted_at FROM answers WHERE session_id = $1 AND question_index = $2',
)

const record = prepared(
  'record',
  `WITH changed AS (
     UPDATE sessions SET
       status = $2, current_question_index = $3, question_started_at = $4, question_deadline = $5,
       revision = revision + 1, completed_at = CASE WHEN $2 = 'completed' THEN $4::timestamptz END
     WHERE id = $1
     RETURNING id, recruiter_id
   ), answered AS (
     INSERT INTO answers (id, session_id, question_id, question_index, answer_text, how, late, sha256, submitted_at,
       time_taken_seconds)
     VALUES ($6, $1, $7, $8, $9, $10, $11, $12, $4, $13)
   )
   INSERT INTO events (recruiter_id, session_id, kind, payload)
   SELECT recruiter_id, id, 'answer_submitted', $14::jsonb FROM changed`,
)

const questionsOf = prepared(
  'questions',
  `SELECT id, position AS index, 'mcq' AS type, question_text, options, points, time_limit
   FROM questions WHERE interview_id = $1 ORDER BY position`,
)

export class Refused extends Error {
  constructor(status, code, index) {
    super(code)
    this.status = status
    this.body = { code, current_question_index: index }
  }
}

/** What was sent, or null where it has not the form of an answer. */
export function parse(body) {
  if (typeof body !== 'object' || body === null) return null
  const { question_index, answer, submitted_at, time_expired, lock_token, ...unknown } = body
  const ok =
    Number.isInteger(question_index) &&
    (answer === null || (typeof answer === 'string' && answer.length <= 20_000)) &&
    typeof submitted_at === 'string' &&
    !Number.isNaN(Date.parse(submitted_at)) &&
    typeof time_expired === 'boolean' &&
    (lock_token === undefined || lock_token === null || typeof lock_token === 'string') &&
    Object.keys(unknown).length === 0
  return ok ? { index: question_index, answer, expired: time_expired, lockToken: lock_token ?? null } : null
}

export function makeSubmit({ pool, announce }) {
  const sets = new Map() // a running interview's questions never change

  async function questions(client, interviewId) {
    let set = sets.get(interviewId)
    if (set === undefined) {
      set = (await client.query(questionsOf([interviewId]))).rows
      sets.set(interviewId, set)
    }
    return set
  }

  /** Decide about a locked session; throws Refused. Answers the answer to store and where the session is then. */
  function decide(row, request, set) {
    const at = row.current_question_index
    if (row.lock_token !== null && request.lockToken !== row.lock_token) throw new Refused(409, 'locked_elsewhere', at)
    if (row.status !== 'in_progress') throw new Refused(409, 'session_ended', at)
    if (request.index !== at) throw new Refused(400, 'invalid_question_index', at)
    const over = row.now - row.question_deadline
    if (over > settings.graceMs) throw new Refused(400, 'time_limit_exceeded', at)
    const question = set[at]
    const { answer } = request
    if (answer !== null && answer.trim() !== '' && !question.options.includes(answer)) {
      throw new Refused(422, 'invalid_body', at)
    }
    const next = set[at + 1]
    return {
      question,
      next,
      late: over > 0,
      timeTaken: Math.max(0, row.now - row.question_started_at) / 1000,
      deadline: next === undefined ? row.question_deadline : new Date(row.now.getTime() + next.time_limit * 1000),
    }
  }

  function reply(row, decided, receipt, revision) {
    const { next } = decided
    if (next === undefined) {
      return { success: true, completed: true, message: 'Interview completed!', revision, receipt }
    }
    return {
      success: true,
      next_question_index: next.index,
      next_question: next,
      time_limit: next.time_limit,
      question_deadline: decided.deadline,
      server_time: row.now,
      revision,
      receipt,
    }
  }

  /** The transaction; answers the reply, and what is to be told once it is committed. */
  async function store(client, userId, sessionId, request) {
    const begun = client.query('BEGIN')
    if (!settings.pipeline) await begun // else both are one round trip
    const [{ rows }] = await Promise.all([client.query(lock([sessionId, userId])), begun])
    const row = rows[0]
    if (row === undefined) throw new Refused(404, 'not_found', 0)
    const set = await questions(client, row.interview_id)
    if (request.index >= 0 && request.index < row.current_question_index) {
      return { reply: await duplicate(client, row, request.index, set) }
    }
    const decided = decide(row, request, set)
    const answerId = randomUUID()
    const sha256 = hash('sha256', `${sessionId}\n${decided.question.id}\n${request.answer ?? ''}`, 'hex')
    const how = request.expired ? 'auto' : 'submitted'
    const payload = { question_index: request.index, time_taken_seconds: decided.timeTaken, how, late: decided.late }
    const written = client.query(
      record([
        sessionId,
        decided.next === undefined ? 'completed' : 'in_progress',
        request.index + 1,
        row.now,
        decided.deadline,
        answerId,
        decided.question.id,
        request.index,
        request.answer,
        how,
        decided.late,
        sha256,
        decided.timeTaken,
        payload,
      ]),
    )
    if (!settings.pipeline) await written // a COMMIT sent behind a statement that fails rolls back
    await Promise.all([written, client.query('COMMIT')])
    const receipt = { answer_id: answerId, sha256, server_time: row.now }
    return { reply: reply(row, decided, receipt, Number(row.revision) + 1), told: { row, answerId, payload } }
  }

  async function duplicate(client, row, index, set) {
    const [stored] = (await client.query(earlier([row.id, index]))).rows
    await client.query('ROLLBACK')
    const receipt = { answer_id: stored.id, sha256: stored.sha256, server_time: stored.submitted_at }
    const standing = { next: set[row.current_question_index], deadline: row.question_deadline }
    return { ...reply(row, standing, receipt, Number(row.revision)), duplicate: true }
  }

  return async function submit(userId, sessionId, request) {
    const client = await pool.connect()
    let stored
    try {
      stored = await store(client, userId, sessionId, request)
    } catch (error) {
      await client.query('ROLLBACK') // outside a transaction it only warns
      throw error
    } finally {
      client.release()
    }
    if (stored.told !== undefined) await announce(stored.told)
    return stored.reply
  }
}
