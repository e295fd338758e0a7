-- name: take
-- Take lock $1 for as long as this connection lasts; false where another has it. PostgreSQL ends the connection of a holder that has
-- said nothing for five seconds, in a transaction or outside: what it would do after that, another has done.
SELECT
    pg_try_advisory_lock(hashtextextended('lead:' || $1::text, 0))
    AND set_config('idle_session_timeout', '5s', false) IS NOT NULL
    AND set_config('idle_in_transaction_session_timeout', '5s', false) IS NOT NULL;

-- name: give_up
-- Let another take it.
SELECT pg_advisory_unlock(hashtextextended('lead:' || $1::text, 0));
