-- Signed webhooks: the public events of a recruiter's own interviews, delivered over HTTP for those without Redis.

CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES users (id),
    url text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_until timestamptz,
    position bigint NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    last_error text,
    delivered_at timestamptz,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempt bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    missed_until bigint,
    missed_at timestamptz,
    CONSTRAINT webhooks_url_is_a_web_address CHECK (url ~ '^https?://'),
    CONSTRAINT webhooks_previous_secret_has_its_end CHECK ((previous_secret IS NULL) = (previous_until IS NULL)),
    CONSTRAINT webhooks_position_is_not_negative CHECK (position >= 0),
    CONSTRAINT webhooks_failures_are_not_negative CHECK (failures >= 0),
    CONSTRAINT webhooks_missed_is_whole CHECK ((missed_until IS NULL) = (missed_at IS NULL))
);
CREATE INDEX webhooks_by_owner ON webhooks (owner_id, created_at);
CREATE INDEX webhooks_by_due ON webhooks (due_at);
COMMENT ON TABLE webhooks IS 'Who is told of public events by HTTP; one consumer process delivers to each at a time.';
COMMENT ON COLUMN webhooks.owner_id IS 'A recruiter; the webhook hears only of sessions of interviews that they created.';
COMMENT ON COLUMN webhooks.secret IS 'Signs deliveries, and so is kept as it is; shown once, when it is made.';
COMMENT ON COLUMN webhooks.previous_secret IS 'The one before the last rotation; signs beside the new one until previous_until.';
COMMENT ON COLUMN webhooks.position IS 'stream_events.position up to which everything of the owner''s is delivered or in dead letters.';
COMMENT ON COLUMN webhooks.failures IS 'Of the event after position, which is tried again at due_at.';
COMMENT ON COLUMN webhooks.failing_since IS 'When deliveries began to fail; null once one succeeds.';
COMMENT ON COLUMN webhooks.attempt IS 'Grows with every claim; only the latest moves the position.';
COMMENT ON COLUMN webhooks.missed_until IS 'Events up to here were pruned before they could be delivered; null where none ever was.';

CREATE TABLE webhook_dead_letters (
    webhook_id uuid NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id uuid NOT NULL,
    position bigint NOT NULL,
    session_id uuid NOT NULL,
    type text NOT NULL,
    body text NOT NULL,
    attempts integer NOT NULL,
    reason text NOT NULL,
    died_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    retry_at timestamptz,
    PRIMARY KEY (webhook_id, event_id)
);
CREATE INDEX webhook_dead_letters_by_position ON webhook_dead_letters (webhook_id, position);
CREATE INDEX webhook_dead_letters_asked_for ON webhook_dead_letters (webhook_id, position) WHERE retry_at IS NOT NULL;
COMMENT ON TABLE webhook_dead_letters IS 'Deliveries given up on. The body is kept here, for the event itself may be pruned.';
COMMENT ON COLUMN webhook_dead_letters.retry_at IS 'When somebody asked for one more attempt; null once it was made.';
