// The peer's worker: grades an answer against its stored question, records it once, tells the server.
import { Queue, Worker } from 'bullmq'

import { EVALUATED, QUEUE, settings } from './settings.js'
import { openPool, openRedis, prepared } from './stores.js'

const SWEEP_MS = 5_000

const read = prepared(
  'read',
  `SELECT a.session_id, a.question_index, a.answer_text, q.correct_answer, q.points, s.interview_id, s.recruiter_id,
     s.candidate_name
   FROM answers a INNER JOIN questions q ON q.id = a.question_id INNER JOIN sessions s ON s.id = a.session_id
   WHERE a.id = $1`,
)

// One statement, so one transaction without a BEGIN and a COMMIT of its own.
const record = prepared(
  'record',
  `WITH kept AS (
     INSERT INTO results (answer_id, score, feedback) VALUES ($1, $2, $3::jsonb)
     ON CONFLICT (answer_id) DO NOTHING RETURNING answer_id
   ), changed AS (
     UPDATE answers SET evaluation_state = 'scored', score = $2, evaluated_at = clock_timestamp()
     FROM kept WHERE id = kept.answer_id RETURNING session_id
   ), told AS (
     INSERT INTO events (recruiter_id, session_id, kind, payload)
     SELECT $4::uuid, session_id, 'answer_evaluated', $5::jsonb FROM changed
   )
   SELECT s.status FROM changed INNER JOIN sessions s ON s.id = changed.session_id`,
)

// Whoever is last finds every answer scored; the row's lock makes it happen once.
const settle = prepared(
  'settle',
  `UPDATE sessions s SET final_score = t.score, evaluated_at = clock_timestamp()
   FROM (
     SELECT sum(score) AS score, count(*) AS scored FROM answers WHERE session_id = $1 AND evaluation_state = 'scored'
   ) t
   WHERE s.id = $1 AND s.status = 'completed' AND s.evaluated_at IS NULL AND t.scored = s.question_count`,
)

const lost = prepared(
  'lost',
  `SELECT id FROM answers WHERE evaluation_state = 'queued' AND submitted_at < now() - interval '30 s'
   ORDER BY submitted_at LIMIT 500`,
)

const pool = openPool()
const telling = openRedis()
const queue = new Queue(QUEUE, { connection: openRedis(), defaultJobOptions: { removeOnComplete: true, attempts: 5 } })

async function grade({ data: { answerId } }) {
  const [work] = (await pool.query(read([answerId]))).rows
  const right = work.answer_text === work.correct_answer
  const score = right ? work.points : 0
  const found = { question_index: work.question_index, score, points: work.points, state: 'scored', graded_by: 'rule' }
  const feedback = { total_score: score, correct: right }
  const [kept] = (await pool.query(record([answerId, score, feedback, work.recruiter_id, found]))).rows
  if (kept === undefined) return
  if (kept.status === 'completed') await pool.query(settle([work.session_id]))
  const { recruiter_id, session_id, interview_id, candidate_name } = work
  await telling.publish(
    EVALUATED,
    JSON.stringify({ recruiter_id, session_id, interview_id, candidate_name, ...found }),
  )
}

const worker = new Worker(QUEUE, grade, {
  connection: openRedis({ enableAutoPipelining: settings.autoPipelining }),
  concurrency: settings.workerConcurrency,
})
worker.on('failed', (_job, error) => console.error('failed', error))
worker.on('error', (error) => console.error('worker', error.message))

setInterval(async () => {
  try {
    const { rows } = await pool.query(lost([]))
    await queue.addBulk(rows.map(({ id }) => ({ name: 'grade', data: { answerId: id }, opts: { jobId: id } })))
  } catch (error) {
    console.error('sweep', error.message)
  }
}, SWEEP_MS)

await worker.waitUntilReady()
console.log('ready')
