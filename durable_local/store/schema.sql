-- State of the local runtime. Moments are milliseconds since the epoch; JSON texts stand as they came.

-- One row per durable execution: what it is, how it ended, and the counters that every checkpoint moves.
CREATE TABLE executions (
    key             INTEGER PRIMARY KEY,
    arn             TEXT NOT NULL UNIQUE CHECK (length(arn) > 0),
    name            TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
    function        TEXT NOT NULL CHECK (length(function) > 0),
    operation_id    TEXT NOT NULL CHECK (length(operation_id) > 0),
    timeout_seconds INTEGER,
    retention_days  INTEGER,
    tenant_id       TEXT CHECK (length(tenant_id) > 0),
    started_at      INTEGER NOT NULL,
    parent          INTEGER REFERENCES executions (key) ON DELETE SET NULL, -- the execution that invoked this one,
    parent_operation TEXT CHECK (length(parent_operation) > 0),             -- and its operation that awaits the end
    status          TEXT NOT NULL,
    ended_at        INTEGER,
    remove_at       INTEGER,                    -- until when it is kept, once it has ended
    sequence        INTEGER NOT NULL DEFAULT 0, -- number of the latest change of an operation
    heard           INTEGER NOT NULL DEFAULT 0, -- the latest change that the running invocation knows
    events          INTEGER NOT NULL DEFAULT 0,
    operations      INTEGER NOT NULL DEFAULT 0,
    bytes           INTEGER NOT NULL DEFAULT 0,
    writes          INTEGER NOT NULL DEFAULT 0, -- how many transactions have changed anything of it
    chain           TEXT NOT NULL DEFAULT '',   -- a hash over all events, each over the one before
    fence           INTEGER NOT NULL DEFAULT 0, -- number of the latest claim; an older claim may not write
    token           TEXT,
    used_token      TEXT,                       -- with client_token and heard_before: the last checkpoint, so that
    client_token    TEXT,                       -- the same call again gets the same answer
    heard_before    INTEGER NOT NULL DEFAULT 0,
    invoke_at       INTEGER,                    -- when the next invocation is due; none while one runs
    timed_at        INTEGER,                    -- no timer is due before this
    request_id      TEXT,                       -- the running invocation
    invoked_at      INTEGER,
    invoked_from    INTEGER NOT NULL DEFAULT 0, -- the latest change when it began
    invocations     INTEGER NOT NULL DEFAULT 0,
    failures        INTEGER NOT NULL DEFAULT 0, -- invocations in a row that failed
    idle            INTEGER NOT NULL DEFAULT 0  -- invocations in a row that had nothing to wait for
) STRICT;
CREATE INDEX executions_by_parent ON executions (parent) WHERE parent IS NOT NULL;
CREATE INDEX executions_by_removal ON executions (remove_at) WHERE remove_at IS NOT NULL;
CREATE INDEX executions_by_start ON executions (started_at);
CREATE INDEX executions_by_function ON executions (function, started_at);
CREATE INDEX executions_by_invocation ON executions (function, invoke_at) WHERE invoke_at IS NOT NULL;

-- How many executions of each function have each status, so that nobody counts them to know.
CREATE TABLE counts (
    function   TEXT NOT NULL,
    status     TEXT NOT NULL,
    executions INTEGER NOT NULL,
    PRIMARY KEY (function, status)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER executions_begun AFTER INSERT ON executions BEGIN
    INSERT INTO counts VALUES (new.function, new.status, 1) ON CONFLICT DO UPDATE SET executions = executions + 1;
END;
CREATE TRIGGER executions_turned AFTER UPDATE OF status ON executions WHEN new.status <> old.status BEGIN
    UPDATE counts SET executions = executions - 1 WHERE function = old.function AND status = old.status;
    INSERT INTO counts VALUES (new.function, new.status, 1) ON CONFLICT DO UPDATE SET executions = executions + 1;
END;
CREATE TRIGGER executions_removed AFTER DELETE ON executions BEGIN
    UPDATE counts SET executions = executions - 1 WHERE function = old.function AND status = old.status;
END;

-- How executions ended; apart, because the row above is written with every checkpoint.
CREATE TABLE outcomes (
    execution INTEGER PRIMARY KEY REFERENCES executions (key) ON DELETE CASCADE,
    result    TEXT,
    error     TEXT
) STRICT;

-- The operations as they stand; rows are in the order of their start.
CREATE TABLE operations (
    position        INTEGER PRIMARY KEY,
    execution       INTEGER NOT NULL REFERENCES executions (key) ON DELETE CASCADE,
    id              TEXT NOT NULL CHECK (length(id) > 0),
    sequence        INTEGER NOT NULL,
    parent_id       TEXT CHECK (length(parent_id) > 0),
    type            TEXT NOT NULL,
    sub_type        TEXT,
    name            TEXT,
    status          TEXT NOT NULL,
    started_at      INTEGER,
    ended_at        INTEGER,
    attempt         INTEGER,
    due_at          INTEGER,                    -- a step's next attempt, a wait's end
    replay_children INTEGER,
    seal            INTEGER NOT NULL DEFAULT 0, -- a checksum over what the history does not tell as well
    callback_id     TEXT CHECK (length(callback_id) > 0),
    input           TEXT,                       -- of the execution, or of an invoked function
    result          TEXT,
    error           TEXT,
    UNIQUE (execution, id)
) STRICT;
-- Partial, so that most checkpoints, which begin and end a step, touch none of these.
CREATE UNIQUE INDEX operations_by_callback ON operations (callback_id) WHERE callback_id IS NOT NULL;
CREATE INDEX operations_changed_outside ON operations (execution, sequence)
    WHERE type NOT IN ('STEP', 'CONTEXT') OR status = 'READY';
CREATE INDEX operations_by_parent ON operations (execution, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX operations_awaited ON operations (execution)
    WHERE status = 'PENDING' OR (status = 'STARTED' AND type IN ('WAIT', 'CALLBACK', 'CHAINED_INVOKE'));

-- The history; an event's name, sub type and parent are its operation's.
CREATE TABLE events (
    execution    INTEGER NOT NULL REFERENCES executions (key) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    type         TEXT NOT NULL,
    at           INTEGER NOT NULL,
    operation_id TEXT CHECK (length(operation_id) > 0),
    facts        TEXT,
    payload      TEXT,
    error        TEXT,
    PRIMARY KEY (execution, number)
) STRICT, WITHOUT ROWID;

-- What happens by itself at a time.
CREATE TABLE timers (
    execution    INTEGER NOT NULL REFERENCES executions (key) ON DELETE CASCADE,
    operation_id TEXT NOT NULL CHECK (length(operation_id) > 0),
    kind         TEXT NOT NULL,
    due_at       INTEGER NOT NULL,
    seconds      INTEGER NOT NULL,
    PRIMARY KEY (execution, operation_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_of_execution ON timers (execution, due_at);
CREATE INDEX timers_by_time ON timers (due_at);

-- Functions without executions of their own, invoked and not yet answered; what each is given stands with its operation.
CREATE TABLE calls (
    execution    INTEGER NOT NULL REFERENCES executions (key) ON DELETE CASCADE,
    operation_id TEXT NOT NULL CHECK (length(operation_id) > 0),
    function     TEXT NOT NULL CHECK (length(function) > 0),
    tenant_id    TEXT CHECK (length(tenant_id) > 0),
    PRIMARY KEY (execution, operation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX calls_by_function ON calls (function);

-- Acknowledged changes that were not there when the file was opened, as the witness beside it remembered them.
CREATE TABLE losses (
    execution    INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL, -- how many transactions had changed the execution
    found        INTEGER NOT NULL  -- how many of them were there
) STRICT;
