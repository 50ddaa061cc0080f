-- ledger_accrue: grants points as one entry and one lot, once per key (loyalty/ledger/operations/accrual.py documents it).
-- Order, as in every verb: lock the account, look the key up, check, write, move the balances, write the event.
CREATE OR REPLACE FUNCTION ledger_accrue(
    p_program bigint, p_account bigint, p_key text, p_kind text, p_points bigint, p_source text,
    p_earned_at timestamptz, p_due_at timestamptz, p_expires_at timestamptz,
    p_counts_lifetime boolean, p_details jsonb, p_event jsonb, p_now timestamptz
) RETURNS TABLE (
    outcome text, entry_id bigint, points bigint, is_pending boolean, balance_after bigint,
    available bigint, pending bigint, held bigint, debt bigint, lifetime bigint, redeemed bigint, entry_sequence bigint
) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    a ledger_account%ROWTYPE;
    e ledger_entry%ROWTYPE;
    repaid bigint := 0;
    new_entry bigint;
    new_lot bigint;
    waits boolean := p_due_at IS NOT NULL;
BEGIN
    SELECT * INTO STRICT a FROM ledger_account t WHERE t.id = p_account AND t.program_id = p_program FOR NO KEY UPDATE;

    SELECT * INTO e FROM ledger_entry t WHERE t.program_id = p_program AND t.key = p_key;
    IF FOUND THEN
        RETURN QUERY SELECT
            CASE WHEN e.account_id = p_account AND e.kind = p_kind AND e.points = p_points THEN 'replayed' ELSE 'key_reused' END,
            e.id, e.points, EXISTS (SELECT 1 FROM ledger_lot t WHERE t.entry_id = e.id AND t.state = 'pending'), e.balance_after,
            ledger_spendable(p_account, p_now), a.pending, a.held, a.debt, a.lifetime, a.redeemed, e.sequence;
        RETURN;
    END IF;

    -- The balance that is answered and kept must not hold points whose instant has passed.
    IF a.inactive_at <= p_now OR EXISTS (SELECT 1 FROM ledger_lot t WHERE t.account_id = p_account AND t.state = 'available' AND t.remaining > 0
               AND t.expires_at <= p_now) THEN
        PERFORM ledger_expire_account(p_program, p_account, p_now);
    END IF;

    IF NOT waits THEN
        repaid := least(a.debt, p_points);
    END IF;
    UPDATE ledger_account t SET
        available = t.available + CASE WHEN waits THEN 0 ELSE p_points - repaid END,
        pending = t.pending + CASE WHEN waits THEN p_points ELSE 0 END,
        debt = t.debt - repaid,
        lifetime = t.lifetime + CASE WHEN waits OR NOT p_counts_lifetime THEN 0 ELSE p_points END,
        test_lifetime = t.test_lifetime + CASE WHEN t.is_testing AND NOT waits AND p_counts_lifetime THEN p_points ELSE 0 END,
        sequence = t.sequence + 1,
        last_entry_id = nextval('ledger_entry_id_seq'),
        inactive_at = ledger_inactive_at(p_program, p_now),
        updated_at = p_now
    WHERE t.id = p_account RETURNING * INTO a;
    new_entry := a.last_entry_id;

    INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source,
                              reverses_id, details, is_test, effective_at, created_at)
    VALUES (new_entry, p_program, p_account, a.sequence, p_kind, p_points, 0, a.available, p_key, p_source,
            NULL, CASE WHEN p_counts_lifetime THEN p_details ELSE p_details || '{"not_lifetime": true}' END, a.is_testing,
            p_earned_at, p_now);
    INSERT INTO ledger_lot (program_id, account_id, entry_id, state, points, remaining, earned_at, due_at, available_at, expires_at,
                            is_test)
    VALUES (p_program, p_account, new_entry, CASE WHEN waits THEN 'pending' ELSE 'available' END, p_points, p_points - repaid,
            p_earned_at, p_due_at, CASE WHEN waits THEN NULL ELSE p_now END, CASE WHEN waits THEN NULL ELSE p_expires_at END,
            a.is_testing)
    RETURNING id INTO new_lot;
    IF repaid > 0 THEN
        PERFORM ledger_repay_debt(p_program, p_account, new_lot, repaid, p_now);
    END IF;

    IF p_event IS NOT NULL THEN
        PERFORM outbox_append(
            p_program, CASE WHEN waits THEN 'points.pending' ELSE 'points.earned' END, a.member_id, a.sequence,
            jsonb_build_object('entry_id', new_entry, 'points', p_points, 'balance', a.available, 'lifetime', a.lifetime,
                               'source', p_source) || p_event, a.is_testing, p_now);
    END IF;
    RETURN QUERY SELECT 'done', new_entry, p_points, waits, a.available,
        a.available, a.pending, a.held, a.debt, a.lifetime, a.redeemed, a.sequence;
END $$;
