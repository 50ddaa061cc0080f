-- ledger_hold: reserves points, oldest lots first, once per key. The walk stops when the points are covered, so a long
-- past costs nothing (facts: performance, section 1).
CREATE OR REPLACE FUNCTION ledger_hold(
    p_program bigint, p_account bigint, p_key text, p_points bigint, p_now timestamptz
) RETURNS TABLE (outcome text, hold_id bigint, balance_after bigint, available bigint, held bigint, is_test boolean)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    a ledger_account%ROWTYPE;
    h ledger_hold%ROWTYPE;
    l record;
    missing bigint := p_points;
    taken bigint;
BEGIN
    SELECT * INTO STRICT a FROM ledger_account t WHERE t.id = p_account AND t.program_id = p_program FOR NO KEY UPDATE;

    SELECT * INTO h FROM ledger_hold t WHERE t.program_id = p_program AND t.key = p_key;
    IF FOUND THEN
        RETURN QUERY SELECT
            CASE WHEN h.account_id = p_account AND h.points = p_points THEN 'replayed' ELSE 'key_reused' END,
            h.id, h.balance_after, a.available, a.held, h.is_test;
        RETURN;
    END IF;

    PERFORM ledger_expire_account(p_program, p_account, p_now);
    SELECT * INTO a FROM ledger_account t WHERE t.id = p_account;
    IF a.available < p_points THEN
        RETURN QUERY SELECT 'insufficient', NULL::bigint, a.available, a.available, a.held, a.is_testing;
        RETURN;
    END IF;

    INSERT INTO ledger_hold (program_id, account_id, key, state, points, balance_after, entry_id, is_test, created_at, ended_at)
    VALUES (p_program, p_account, p_key, 'active', p_points, a.available - p_points, NULL, a.is_testing, p_now, NULL)
    RETURNING * INTO h;
    FOR l IN SELECT t.id, t.remaining FROM ledger_lot t
             WHERE t.account_id = p_account AND t.state = 'available' AND t.remaining > 0
             ORDER BY t.earned_at, t.id
    LOOP
        taken := least(l.remaining, missing);
        UPDATE ledger_lot t SET remaining = t.remaining - taken WHERE t.id = l.id;
        INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
        VALUES (p_program, l.id, NULL, h.id, taken, p_now);
        missing := missing - taken;
        EXIT WHEN missing = 0;
    END LOOP;
    IF missing <> 0 THEN
        RAISE EXCEPTION 'account % has % available points but its lots lack %', p_account, a.available, missing
            USING ERRCODE = 'data_corrupted';
    END IF;
    UPDATE ledger_account t SET available = t.available - p_points, held = t.held + p_points, updated_at = p_now
    WHERE t.id = p_account RETURNING * INTO a;
    RETURN QUERY SELECT 'done', h.id, h.balance_after, a.available, a.held, h.is_test;
END $$;

-- ledger_capture: the held points are spent; the hold ends with the entry that says so.
CREATE OR REPLACE FUNCTION ledger_capture(
    p_program bigint, p_hold bigint, p_key text, p_source text, p_details jsonb, p_event jsonb, p_now timestamptz
) RETURNS TABLE (outcome text, entry_id bigint, available bigint, held bigint, redeemed bigint)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    a ledger_account%ROWTYPE;
    h ledger_hold%ROWTYPE;
    new_entry bigint;
BEGIN
    SELECT t.* INTO STRICT a FROM ledger_account t JOIN ledger_hold x ON x.account_id = t.id
    WHERE x.id = p_hold AND x.program_id = p_program FOR NO KEY UPDATE OF t;
    SELECT * INTO STRICT h FROM ledger_hold t WHERE t.id = p_hold;
    IF h.state <> 'active' THEN
        RETURN QUERY SELECT CASE h.state WHEN 'captured' THEN 'replayed' ELSE 'ended' END,
            h.entry_id, a.available, a.held, a.redeemed;
        RETURN;
    END IF;

    IF a.inactive_at <= p_now THEN  -- what this spending would otherwise bring back to life has ended before it
        PERFORM ledger_expire_account(p_program, a.id, p_now);
    END IF;
    UPDATE ledger_account t SET held = t.held - h.points, redeemed = t.redeemed + h.points, sequence = t.sequence + 1,
        last_entry_id = nextval('ledger_entry_id_seq'), inactive_at = ledger_inactive_at(p_program, p_now), updated_at = p_now
    WHERE t.id = a.id RETURNING * INTO a;
    new_entry := a.last_entry_id;
    INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source,
                              reverses_id, details, is_test, effective_at, created_at)
    VALUES (new_entry, p_program, a.id, a.sequence, 'redemption', -h.points, 0, a.available, p_key, p_source,
            NULL, p_details, h.is_test, h.created_at, p_now);
    UPDATE ledger_hold t SET state = 'captured', entry_id = new_entry, ended_at = p_now WHERE t.id = p_hold;
    UPDATE ledger_consumption t SET entry_id = new_entry WHERE t.hold_id = p_hold;
    IF p_event IS NOT NULL THEN
        PERFORM outbox_append(p_program, 'points.redeemed', a.member_id, a.sequence,
            jsonb_build_object('entry_id', new_entry, 'points', h.points, 'balance', a.available, 'lifetime', a.lifetime)
            || p_event, h.is_test, p_now);
    END IF;
    RETURN QUERY SELECT 'done', new_entry, a.available, a.held, a.redeemed;
END $$;

-- ledger_release: the held points go back into the lots they came from, paying a debt first if one arose meanwhile.
-- Points whose instant passed under the hold expire now: they never become spendable again.
CREATE OR REPLACE FUNCTION ledger_release(p_program bigint, p_hold bigint, p_now timestamptz)
RETURNS TABLE (outcome text, available bigint, held bigint)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    a ledger_account%ROWTYPE;
    h ledger_hold%ROWTYPE;
    c record;
    repaid bigint;
    total_repaid bigint := 0;
    total_expired bigint := 0;
    tests_expired bigint := 0;
    new_entry bigint;
BEGIN
    SELECT t.* INTO STRICT a FROM ledger_account t JOIN ledger_hold x ON x.account_id = t.id
    WHERE x.id = p_hold AND x.program_id = p_program FOR NO KEY UPDATE OF t;
    SELECT * INTO STRICT h FROM ledger_hold t WHERE t.id = p_hold;
    IF h.state <> 'active' THEN
        RETURN QUERY SELECT CASE h.state WHEN 'released' THEN 'replayed' ELSE 'ended' END,
            ledger_spendable(a.id, p_now), a.held;
        RETURN;
    END IF;

    FOR c IN SELECT t.id, t.lot_id, t.points, least(l.expires_at, a.inactive_at) AS expires_at, l.is_test FROM ledger_consumption t JOIN ledger_lot l ON l.id = t.lot_id
             WHERE t.hold_id = p_hold ORDER BY t.id
    LOOP
        UPDATE ledger_consumption t SET returned_at = p_now WHERE t.id = c.id;
        IF c.expires_at <= p_now THEN
            UPDATE ledger_account t SET held = t.held - c.points, sequence = t.sequence + 1,
                last_entry_id = nextval('ledger_entry_id_seq') WHERE t.id = a.id RETURNING t.last_entry_id INTO new_entry;
            INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source,
                                      reverses_id, details, is_test, effective_at, created_at)
            SELECT new_entry, p_program, t.id, t.sequence, 'expiry', -c.points, 0, t.available,
                'expiry:held:' || c.id, 'expiry', NULL, jsonb_build_object('lot_id', c.lot_id, 'hold_id', p_hold),
                c.is_test, c.expires_at, p_now FROM ledger_account t WHERE t.id = a.id;
            INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
            VALUES (p_program, c.lot_id, new_entry, NULL, c.points, p_now);
            total_expired := total_expired + c.points;
            tests_expired := tests_expired + CASE WHEN c.is_test THEN c.points ELSE 0 END;
        ELSE
            repaid := least(a.debt - total_repaid, c.points);
            UPDATE ledger_lot t SET remaining = t.remaining + c.points - repaid WHERE t.id = c.lot_id;
            IF repaid > 0 THEN
                PERFORM ledger_repay_debt(p_program, a.id, c.lot_id, repaid, p_now);
                total_repaid := total_repaid + repaid;
            END IF;
        END IF;
    END LOOP;
    UPDATE ledger_hold t SET state = 'released', ended_at = p_now WHERE t.id = p_hold;
    UPDATE ledger_account t SET held = t.held - (h.points - total_expired),
        available = t.available + h.points - total_expired - total_repaid, debt = t.debt - total_repaid, updated_at = p_now
    WHERE t.id = a.id RETURNING * INTO a;
    PERFORM outbox_append(p_program, 'points.expired', a.member_id, a.sequence,
        jsonb_build_object('points', x.points, 'balance', a.available, 'lifetime', a.lifetime), x.is_test, p_now)
    FROM (VALUES (total_expired - tests_expired, false), (tests_expired, true)) x (points, is_test) WHERE x.points > 0;
    RETURN QUERY SELECT 'done', ledger_spendable(a.id, p_now), a.held;
END $$;
