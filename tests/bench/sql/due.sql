-- Let the current question of every running session end at the same moment, $1 from now; answers that moment.
WITH moment AS MATERIALIZED (SELECT clock_timestamp() + $1::interval AS deadline),

moved AS (
    UPDATE interview_sessions SET question_deadline = moment.deadline
    FROM moment
    WHERE status = 'in_progress'
    RETURNING id
)

SELECT moment.deadline, (SELECT count(*) FROM moved) AS sessions FROM moment;
