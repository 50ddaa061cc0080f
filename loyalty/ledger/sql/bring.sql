-- What an import brings to an account, one line of its file after the other (loyalty/ledger/operations/importing.py documents
-- it). The caller holds the account's lock and has expired what was past its end.

-- ledger_bring: moves a balance by p_points, or to p_points where it is a target; upwards an opening entry and its lot, downwards
-- an adjustment that stops at 0 and takes the oldest lots first. Lifetime points move by what is granted, or as the file says.
CREATE OR REPLACE FUNCTION ledger_bring(
    p_program bigint, p_account bigint, p_key text, p_points bigint, p_is_target boolean, p_lifetime bigint, p_source text,
    p_earned_at timestamptz, p_expires_at timestamptz, p_details jsonb, p_event jsonb, p_now timestamptz
) RETURNS TABLE (entry_id bigint, moved bigint, lifetime_moved bigint) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    a ledger_account%ROWTYPE;
    e ledger_entry%ROWTYPE;
    l record;
    before bigint;
    wanted bigint;
    rest bigint;
    drawn bigint;
    new_entry bigint;
BEGIN
    SELECT * INTO STRICT a FROM ledger_account t WHERE t.id = p_account AND t.program_id = p_program FOR NO KEY UPDATE;
    SELECT * INTO e FROM ledger_entry t WHERE t.program_id = p_program AND t.key = p_key;
    IF FOUND THEN
        RETURN QUERY SELECT e.id, e.points, 0::bigint;
        RETURN;
    END IF;
    before := a.lifetime;
    wanted := CASE WHEN p_points IS NULL THEN 0 WHEN p_is_target THEN p_points - (a.available - a.debt) ELSE p_points END;

    IF wanted > 0 THEN
        SELECT x.entry_id INTO new_entry FROM ledger_accrue(p_program, p_account, p_key, 'opening', wanted, p_source, p_earned_at,
            NULL, p_expires_at, p_lifetime IS NULL, p_details, p_event, p_now) x;
    ELSIF wanted < 0 AND a.available > 0 THEN
        wanted := -least(a.available, -wanted);
        UPDATE ledger_account t SET available = t.available + wanted, sequence = t.sequence + 1,
            last_entry_id = nextval('ledger_entry_id_seq'), updated_at = p_now
        WHERE t.id = p_account RETURNING * INTO a;
        new_entry := a.last_entry_id;
        INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source,
                                  reverses_id, details, is_test, effective_at, created_at)
        VALUES (new_entry, p_program, p_account, a.sequence, 'adjustment', wanted, 0, a.available, p_key, p_source,
                NULL, p_details || '{"not_lifetime": true}', a.is_testing, p_earned_at, p_now);
        rest := -wanted;
        FOR l IN SELECT t.id, t.remaining FROM ledger_lot t WHERE t.account_id = p_account AND t.state = 'available'
                AND t.remaining > 0 ORDER BY t.earned_at, t.id LOOP
            EXIT WHEN rest = 0;
            drawn := least(rest, l.remaining);
            UPDATE ledger_lot t SET remaining = t.remaining - drawn WHERE t.id = l.id;
            INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
            VALUES (p_program, l.id, new_entry, NULL, drawn, p_now);
            rest := rest - drawn;
        END LOOP;
        IF p_event IS NOT NULL THEN
            PERFORM outbox_append(p_program, 'points.deducted', a.member_id, a.sequence,
                jsonb_build_object('entry_id', new_entry, 'points', -wanted, 'balance', a.available, 'lifetime', a.lifetime,
                                   'source', p_source) || p_event, a.is_testing, p_now);
        END IF;
    ELSE
        wanted := 0;
    END IF;

    IF p_lifetime IS NOT NULL THEN  -- what a test has added stays on top, for its clean-up takes it off again
        UPDATE ledger_account t SET updated_at = p_now,
            lifetime = CASE WHEN p_is_target THEN greatest(p_lifetime + t.test_lifetime, 0) ELSE t.lifetime + p_lifetime END
        WHERE t.id = p_account;
    END IF;
    SELECT * INTO STRICT a FROM ledger_account t WHERE t.id = p_account;
    RETURN QUERY SELECT new_entry, wanted, a.lifetime - before;
END $$;

-- ledger_bring_up: the same in one statement for lines that only grant, on accounts that owe nothing, with nobody told; it
-- returns the numbers of the lines it has done. What it leaves out is for ledger_bring, line by line. Planned anew each time:
-- a plan that was kept from when the tables were empty would read all of them for every batch of a large import.
CREATE OR REPLACE FUNCTION ledger_bring_up(
    p_program bigint, p_lines jsonb, p_is_target boolean, p_source text, p_now timestamptz
) RETURNS TABLE (n int, entry_id bigint, moved bigint, lifetime_moved bigint) LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    ends timestamptz := ledger_inactive_at(p_program, p_now);
BEGIN
    RETURN QUERY
    WITH line AS MATERIALIZED (
        SELECT x.*, a.available, a.debt, a.sequence, a.is_testing,
            CASE WHEN p_is_target THEN x.points - a.available ELSE x.points END AS wanted,
            CASE WHEN p_is_target AND x.lifetime IS NOT NULL THEN greatest(x.lifetime + a.test_lifetime, 0) - a.lifetime
                ELSE x.lifetime END AS earns
        FROM jsonb_to_recordset(p_lines) AS x(n int, account bigint, key text, points bigint, lifetime bigint,
            earned_at timestamptz, expires_at timestamptz, details jsonb)
        JOIN ledger_account a ON a.id = x.account AND a.program_id = p_program
    ), due AS MATERIALIZED (
        SELECT l.*, coalesce(l.earns, l.wanted) AS gains, nextval('ledger_entry_id_seq') AS new_id, row_number() OVER each AS place,
            (sum(l.wanted) OVER (each ROWS UNBOUNDED PRECEDING))::bigint AS so_far
        FROM line l
        WHERE l.account IN (SELECT x.account FROM line x GROUP BY x.account
                HAVING bool_and(x.wanted IS NOT NULL AND x.wanted > 0 AND x.debt = 0) AND (NOT p_is_target OR count(*) = 1))
            AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.program_id = p_program AND e.key = l.key)
        WINDOW each AS (PARTITION BY l.account ORDER BY l.n)
    ), written AS (
        INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source,
                                  reverses_id, details, is_test, effective_at, created_at)
        SELECT d.new_id, p_program, d.account, d.sequence + d.place, 'opening', d.wanted, 0, d.available + d.so_far, d.key, p_source,
            NULL, CASE WHEN d.lifetime IS NULL THEN d.details ELSE d.details || '{"not_lifetime": true}' END, d.is_testing,
            d.earned_at, p_now FROM due d
    ), lots AS (
        INSERT INTO ledger_lot (program_id, account_id, entry_id, state, points, remaining, earned_at, due_at, available_at,
                                expires_at, is_test)
        SELECT p_program, d.account, d.new_id, 'available', d.wanted, d.wanted, d.earned_at, NULL, p_now, d.expires_at, d.is_testing
        FROM due d
    ), summed AS (
        SELECT d.account, sum(d.wanted)::bigint AS wanted, sum(d.gains)::bigint AS gains, max(d.place) AS places,
            (array_agg(d.new_id ORDER BY d.place DESC))[1] AS last_id,
            coalesce(sum(d.wanted) FILTER (WHERE d.is_testing AND d.lifetime IS NULL), 0)::bigint AS tested
        FROM due d GROUP BY 1
    ), moved AS (
        UPDATE ledger_account a SET available = a.available + s.wanted, lifetime = a.lifetime + s.gains,
            test_lifetime = a.test_lifetime + s.tested, sequence = a.sequence + s.places, inactive_at = ends, updated_at = p_now,
            last_entry_id = s.last_id
        FROM summed s WHERE a.id = s.account
    )
    SELECT d.n, d.new_id, d.wanted, d.gains FROM due d;
END $$;

-- ledger_take_whole: takes back lots that are as whole as their import brought them, an entry each, in one statement.
-- What it leaves out (spent, expired, merged away, granted into a debt) is for `reverse`, one by one. Planned anew each time.
CREATE OR REPLACE FUNCTION ledger_take_whole(p_program bigint, p_entries bigint[], p_keys text[], p_now timestamptz)
RETURNS TABLE (entry_id bigint, points bigint) LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT e.id, l.id AS lot_id, l.account_id, l.points, w.key, e.source, e.is_test, a.sequence, a.available,
            nextval('ledger_entry_id_seq') AS new_id, row_number() OVER each AS place,
            (sum(l.points) OVER (each ROWS UNBOUNDED PRECEDING))::bigint AS so_far
        FROM unnest(p_entries, p_keys) w (entry_id, key)
        JOIN ledger_entry e ON e.id = w.entry_id AND e.program_id = p_program AND e.kind = 'opening'
        JOIN ledger_lot l ON l.entry_id = e.id AND l.state = 'available' AND l.remaining = l.points AND l.points = e.points
            AND l.account_id = e.account_id
        JOIN ledger_account a ON a.id = l.account_id
        WHERE NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id)
            AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.program_id = p_program AND r.key = w.key)
            AND (l.expires_at IS NULL OR l.expires_at > p_now) AND (a.inactive_at IS NULL OR a.inactive_at > p_now)
        WINDOW each AS (PARTITION BY a.id ORDER BY l.id)
    ), written AS (
        INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source,
                                  reverses_id, details, is_test, effective_at, created_at)
        SELECT d.new_id, p_program, d.account_id, d.sequence + d.place, 'reversal', -d.points, 0, d.available - d.so_far,
            d.key, d.source, d.id, '{"written_off": 0}', d.is_test, p_now, p_now FROM due d
    ), consumed AS (
        INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
        SELECT p_program, d.lot_id, d.new_id, NULL, d.points, p_now FROM due d
    ), emptied AS (
        UPDATE ledger_lot l SET remaining = 0 FROM due d WHERE l.id = d.lot_id
    ), moved AS (
        UPDATE ledger_account a SET available = a.available - d.so_far, sequence = a.sequence + d.place,
            last_entry_id = d.new_id, updated_at = p_now
        FROM (SELECT DISTINCT ON (x.account_id) x.* FROM due x ORDER BY x.account_id, x.place DESC) d
        WHERE a.id = d.account_id
    )
    SELECT d.id, d.points FROM due d;
END $$;
