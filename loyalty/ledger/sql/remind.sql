-- ledger_remind: tells the next members of a shop that points of theirs end within seven days: all lots added up, with the
-- first end, once per member in seven of the shop's days. Test points are told of on their own. Accounts are taken in the
-- order of their ids, after p_after.
CREATE OR REPLACE FUNCTION ledger_remind(p_program bigint, p_after bigint, p_limit integer, p_now timestamptz)
RETURNS TABLE (last_id bigint, told bigint) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    until timestamptz := p_now + interval '168 hours';
    zone text := (SELECT t.time_zone FROM programs_program t WHERE t.id = p_program);
    ids bigint[];
BEGIN
    SELECT array_agg(c.id ORDER BY c.id) INTO ids FROM (
        SELECT l.account_id AS id FROM ledger_lot l WHERE l.program_id = p_program AND l.state = 'available'
            AND l.remaining > 0 AND l.expires_at > p_now AND l.expires_at <= until AND l.account_id > p_after
        UNION
        SELECT a.id FROM ledger_account a WHERE a.program_id = p_program AND a.inactive_at > p_now
            AND a.inactive_at <= until AND a.available > 0 AND a.id > p_after
        ORDER BY 1 LIMIT p_limit) c;
    IF ids IS NULL THEN
        RETURN;
    END IF;
    PERFORM 1 FROM ledger_account t WHERE t.id = ANY(ids) ORDER BY t.id FOR NO KEY UPDATE;
    RETURN QUERY
    WITH ending AS MATERIALIZED (
        SELECT a.id, l.is_test, sum(l.remaining)::bigint AS points, min(least(l.expires_at, a.inactive_at)) AS first_at
        FROM ledger_account a JOIN members_member m ON m.id = a.member_id CROSS JOIN LATERAL (
            SELECT x.remaining, x.expires_at, x.is_test FROM ledger_lot x
            WHERE x.account_id = a.id AND x.state = 'available' AND x.remaining > 0 OFFSET 0) l
        WHERE a.id = ANY(ids) AND m.status = 'member'
            AND (a.expiry_told_at IS NULL
                OR (a.expiry_told_at AT TIME ZONE zone)::date <= (p_now AT TIME ZONE zone)::date - 7)
            AND least(l.expires_at, a.inactive_at) > p_now AND least(l.expires_at, a.inactive_at) <= until
        GROUP BY a.id, l.is_test
    ), noted AS (
        UPDATE ledger_account a SET expiry_told_at = p_now WHERE a.id IN (SELECT e.id FROM ending e)
        RETURNING a.id, a.member_id, a.sequence, a.available, a.lifetime
    ), said AS MATERIALIZED (
        SELECT n.id, outbox_append(p_program, 'points.expiring', n.member_id, n.sequence, jsonb_build_object('points', e.points,
            'expires_at', to_char(e.first_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'balance', n.available, 'lifetime', n.lifetime), e.is_test, p_now) FROM noted n JOIN ending e ON e.id = n.id
    )
    SELECT ids[array_upper(ids, 1)], (SELECT count(DISTINCT s.id) FROM said s);
END $$;
