-- earning_approve_set: makes the points of many awards spendable in a few statements (loyalty/earning/operations/maturing.py).
-- The caller has locked their members' accounts. What is no longer pending, or whose member takes no part, is left out; so
-- is what ledger_mature_set leaves to the verb.
CREATE OR REPLACE FUNCTION earning_approve_set(p_program bigint, p_awards bigint[], p_expires_at timestamptz, p_now timestamptz)
RETURNS TABLE (award_id bigint, member_id bigint) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    entries bigint[];
    events jsonb[];
BEGIN
    SELECT array_agg(w.entry_id ORDER BY w.due_at, w.id),
        array_agg(jsonb_build_object('rule_id', r.public_id, 'rule_number', r.id, 'rule_name', r.name, 'action', w.action,
            'source', CASE WHEN r.category = 'referral' THEN 'referral' ELSE 'earning_rule' END, 'award_id', w.public_id)
            || CASE WHEN w.order_number IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('order_number', w.order_number) END ORDER BY w.due_at, w.id)
    INTO entries, events
    FROM earning_award w JOIN members_member m ON m.id = w.member_id LEFT JOIN earning_earningrule r ON r.id = w.rule_id
    WHERE w.id = ANY(p_awards) AND w.program_id = p_program AND w.status = 'pending' AND m.status = 'member';
    RETURN QUERY
    UPDATE earning_award w SET status = 'approved', given_at = p_now, expires_at = p_expires_at, updated_at = p_now
    FROM ledger_mature_set(p_program, entries, events, p_expires_at, p_now) x
    WHERE w.id = ANY(p_awards) AND w.entry_id = x.entry_id
    RETURNING w.id, w.member_id;
END $$;
