-- ledger_mature_set: makes many pending accruals spendable in one statement, with an event each, and returns their entries.
-- The caller has locked the accounts and expired what is due on them. Left to the verb `mature`: accounts with a debt, which
-- is repaid first, and lots that a merge has moved.
CREATE OR REPLACE FUNCTION ledger_mature_set(
    p_program bigint, p_entries bigint[], p_events jsonb[], p_expires_at timestamptz, p_now timestamptz
) RETURNS TABLE (entry_id bigint) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    ends timestamptz := ledger_inactive_at(p_program, p_now);
BEGIN
    RETURN QUERY
    WITH ripe AS MATERIALIZED (
        SELECT l.id, l.account_id, l.remaining, l.is_test, w.entry, w.event, e.source, a.member_id, a.sequence, a.available, a.lifetime,
            (sum(CASE WHEN l.is_test THEN l.remaining ELSE 0 END) OVER (each ROWS UNBOUNDED PRECEDING))::bigint AS of_tests,
            row_number() OVER each AS place, (sum(l.remaining) OVER (each ROWS UNBOUNDED PRECEDING))::bigint AS so_far
        FROM unnest(p_entries, p_events) WITH ORDINALITY AS w (entry, event, number)
        JOIN ledger_entry e ON e.id = w.entry
        JOIN ledger_lot l ON l.entry_id = w.entry
        JOIN ledger_account a ON a.id = l.account_id
        WHERE l.program_id = p_program AND l.state = 'pending' AND l.moved_to_id IS NULL AND a.debt = 0
        WINDOW each AS (PARTITION BY a.id ORDER BY w.number)
    ), opened AS (
        UPDATE ledger_lot l SET state = 'available', available_at = p_now, expires_at = p_expires_at
        FROM ripe r WHERE l.id = r.id
    ), moved AS (
        UPDATE ledger_account a SET pending = a.pending - r.so_far, available = a.available + r.so_far,
            lifetime = a.lifetime + r.so_far, test_lifetime = a.test_lifetime + r.of_tests, sequence = a.sequence + r.place, inactive_at = ends, updated_at = p_now
        FROM (SELECT DISTINCT ON (x.account_id) x.* FROM ripe x ORDER BY x.account_id, x.place DESC) r
        WHERE a.id = r.account_id
    ), told AS MATERIALIZED (
        SELECT r.entry, outbox_append(p_program, 'points.earned', r.member_id, r.sequence + r.place, jsonb_build_object(
            'entry_id', r.entry, 'points', r.remaining, 'balance', r.available + r.so_far, 'lifetime', r.lifetime + r.so_far,
            'source', r.source, 'was_pending', true) || r.event, r.is_test, p_now) FROM ripe r
    )
    SELECT t.entry FROM told t;
END $$;
