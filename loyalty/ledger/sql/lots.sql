-- What the verbs share about lots. The caller holds the account's lock.

-- ledger_repay_debt: notes that a lot paid for points that had been taken back after they were spent.
CREATE OR REPLACE FUNCTION ledger_repay_debt(
    p_program bigint, p_account bigint, p_lot bigint, p_points bigint, p_now timestamptz
) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
    SELECT p_program, p_lot, e.id, NULL, p_points, p_now
    FROM ledger_entry e WHERE e.account_id = p_account AND e.shortfall > 0 ORDER BY e.sequence DESC LIMIT 1
$$;

-- ledger_expire_account: expires what is past its instant on one account, an entry per lot, and returns the points.
CREATE OR REPLACE FUNCTION ledger_expire_account(p_program bigint, p_account bigint, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    l record;
    a ledger_account%ROWTYPE;
    total bigint := 0;
    new_entry bigint;
BEGIN
    FOR l IN SELECT t.id, t.remaining, t.expires_at FROM ledger_lot t
             WHERE t.account_id = p_account AND t.state = 'available' AND t.remaining > 0 AND t.expires_at <= p_now
             ORDER BY t.expires_at, t.id
    LOOP
        UPDATE ledger_account t SET available = t.available - l.remaining, sequence = t.sequence + 1,
            last_entry_id = nextval('ledger_entry_id_seq'), updated_at = p_now
        WHERE t.id = p_account RETURNING * INTO a;
        new_entry := a.last_entry_id;
        INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source,
                                  reverses_id, details, effective_at, created_at)
        VALUES (new_entry, p_program, p_account, a.sequence, 'expiry', -l.remaining, 0, a.available,
                'expiry:' || l.id || ':' || a.sequence, 'expiry', NULL, jsonb_build_object('lot_id', l.id), l.expires_at, p_now);
        INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
        VALUES (p_program, l.id, new_entry, NULL, l.remaining, p_now);
        UPDATE ledger_lot t SET remaining = 0 WHERE t.id = l.id;
        total := total + l.remaining;
    END LOOP;
    IF total > 0 THEN
        PERFORM outbox_append(p_program, 'points.expired', a.member_id, a.sequence,
            jsonb_build_object('points', total, 'balance', a.available, 'lifetime', a.lifetime), p_now);
    END IF;
    RETURN total;
END $$;

-- ledger_spendable: what can be spent now; points past their instant are left out even if nobody has expired them yet.
CREATE OR REPLACE FUNCTION ledger_spendable(p_account bigint, p_now timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT a.available - coalesce((SELECT sum(l.remaining) FROM ledger_lot l WHERE l.account_id = a.id
        AND l.state = 'available' AND l.remaining > 0 AND l.expires_at <= p_now), 0)::bigint
    FROM ledger_account a WHERE a.id = p_account
$$;
