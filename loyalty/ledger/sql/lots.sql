-- What the verbs share about lots. The caller holds the account's lock.

-- ledger_repay_debt: notes that a lot paid for points that had been taken back after they were spent.
CREATE OR REPLACE FUNCTION ledger_repay_debt(
    p_program bigint, p_account bigint, p_lot bigint, p_points bigint, p_now timestamptz
) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
    SELECT p_program, p_lot, e.id, NULL, p_points, p_now
    FROM ledger_entry e WHERE e.account_id = p_account AND e.shortfall > 0 ORDER BY e.sequence DESC LIMIT 1
$$;

-- ledger_inactive_at: when the points of an account end that was active now; NULL unless the programme expires by inactivity.
-- The day ends in the shop's time zone. In plpgsql, as all functions here: their bodies are read when they first run.
CREATE OR REPLACE FUNCTION ledger_inactive_at(p_program bigint, p_now timestamptz)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    p programs_program%ROWTYPE;
BEGIN
    SELECT * INTO p FROM programs_program t WHERE t.id = p_program;
    IF NOT p.points_expiry_enabled OR p.expiry_model <> 'inactivity' OR p.points_expiry_days = 0 THEN
        RETURN NULL;
    END IF;
    RETURN ((p_now AT TIME ZONE p.time_zone)::date + p.points_expiry_days + 1)::timestamp AT TIME ZONE p.time_zone;
END $$;

-- ledger_expire_accounts: expires what is past its instant on accounts the caller has locked, an entry per lot and an event
-- per account (another for test points), in one statement however many there are. An account's inactivity ends all its lots.
-- Lots are looked up account by account (OFFSET 0 keeps the planner from joining): statistics lag behind a run that changes
-- millions of them.
CREATE OR REPLACE FUNCTION ledger_expire_accounts(p_program bigint, p_accounts bigint[], p_now timestamptz)
RETURNS TABLE (account_id bigint, points bigint, lots bigint) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT l.id, a.id AS account_id, l.remaining, l.is_test, least(l.expires_at, a.inactive_at) AS ended_at,
            a.sequence, a.available, nextval('ledger_entry_id_seq') AS entry_id, row_number() OVER each AS place,
            (sum(l.remaining) OVER (each ROWS UNBOUNDED PRECEDING))::bigint AS so_far
        FROM ledger_account a CROSS JOIN LATERAL (
            SELECT x.id, x.remaining, x.expires_at, x.is_test FROM ledger_lot x WHERE x.account_id = a.id AND x.state = 'available'
                AND x.remaining > 0 AND x.expires_at <= p_now
            UNION ALL
            SELECT x.id, x.remaining, x.expires_at, x.is_test FROM ledger_lot x WHERE a.inactive_at <= p_now AND x.account_id = a.id
                AND x.state = 'available' AND x.remaining > 0 AND (x.expires_at IS NULL OR x.expires_at > p_now)
            OFFSET 0) l
        WHERE a.id = ANY(p_accounts) AND a.program_id = p_program
        WINDOW each AS (PARTITION BY a.id ORDER BY least(l.expires_at, a.inactive_at), l.id)
    ), written AS (
        INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source,
                                  reverses_id, details, is_test, effective_at, created_at)
        SELECT d.entry_id, p_program, d.account_id, d.sequence + d.place, 'expiry', -d.remaining, 0, d.available - d.so_far,
            'expiry:' || d.id || ':' || (d.sequence + d.place), 'expiry', NULL, jsonb_build_object('lot_id', d.id),
            d.is_test, d.ended_at, p_now FROM due d
    ), consumed AS (
        INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
        SELECT p_program, d.id, d.entry_id, NULL, d.remaining, p_now FROM due d
    ), emptied AS (
        UPDATE ledger_lot l SET remaining = 0 FROM due d WHERE l.id = d.id
    ), moved AS (
        UPDATE ledger_account a SET available = a.available - d.so_far, sequence = a.sequence + d.place,
            last_entry_id = d.entry_id, updated_at = p_now
        FROM (SELECT DISTINCT ON (x.account_id) x.* FROM due x ORDER BY x.account_id, x.place DESC) d
        WHERE a.id = d.account_id
        RETURNING a.id, a.member_id, a.sequence, a.available, a.lifetime, d.so_far, d.place
    ), told AS MATERIALIZED (
        SELECT outbox_append(p_program, 'points.expired', m.member_id, m.sequence,
            jsonb_build_object('points', s.points, 'balance', m.available, 'lifetime', m.lifetime), s.is_test, p_now)
        FROM moved m JOIN (SELECT x.account_id, x.is_test, sum(x.remaining)::bigint AS points FROM due x GROUP BY 1, 2) s
            ON s.account_id = m.id
    )
    SELECT m.id, m.so_far, m.place FROM moved m WHERE (SELECT count(*) FROM told) > 0;
END $$;

-- ledger_expire_account: the same for one account, and returns the points. Mostly there are none: then it only looks.
CREATE OR REPLACE FUNCTION ledger_expire_account(p_program bigint, p_account bigint, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    total bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_account t WHERE t.id = p_account AND t.inactive_at <= p_now)
        AND NOT EXISTS (SELECT 1 FROM ledger_lot t WHERE t.account_id = p_account AND t.state = 'available'
                        AND t.remaining > 0 AND t.expires_at <= p_now)
    THEN
        RETURN 0;
    END IF;
    SELECT coalesce(sum(x.points), 0) INTO total FROM ledger_expire_accounts(p_program, ARRAY[p_account], p_now) x;
    RETURN total;
END $$;

-- ledger_spendable: what can be spent now; points past their instant are left out even if nobody has expired them yet.
CREATE OR REPLACE FUNCTION ledger_spendable(p_account bigint, p_now timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    a ledger_account%ROWTYPE;
BEGIN
    SELECT * INTO a FROM ledger_account t WHERE t.id = p_account;
    IF a.inactive_at <= p_now THEN
        RETURN 0;
    END IF;
    RETURN a.available - coalesce((SELECT sum(l.remaining) FROM ledger_lot l WHERE l.account_id = p_account
        AND l.state = 'available' AND l.remaining > 0 AND l.expires_at <= p_now), 0)::bigint;
END $$;
