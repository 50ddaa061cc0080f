-- earning_award: one award in one round trip (loyalty/earning/operations/award.py documents it).
-- The caller evaluated the rule on facts it had read; under the account's lock this function checks that they still hold
-- and answers 'stale' if not, so that the caller reads and evaluates again.
-- p_more holds what most awards don't have, NULL for none of it: limit_count and limit_since, campaign_id and
-- campaign_points (drawn from its budget), order_id, order_number and ordered_at. Whether it is a test, the account says.
CREATE OR REPLACE FUNCTION earning_award(
    p_program bigint, p_member bigint, p_account bigint, p_rule bigint, p_rule_version int, p_tier bigint,
    p_public_id text, p_key text, p_fingerprint text, p_occurrence text,
    p_points bigint, p_base numeric, p_multiplier numeric, p_breakdown jsonb,
    p_action text, p_action_key text, p_source text, p_source_reference text,
    p_earned_at timestamptz, p_due_at timestamptz, p_expires_at timestamptz,
    p_metadata jsonb, p_details jsonb, p_event jsonb, p_more jsonb, p_now timestamptz
) RETURNS TABLE (
    outcome text, public_id text, status text, points bigint, base_points numeric, multiplier numeric,
    balance_after bigint, available bigint, lifetime bigint, idempotency_key text, source_reference text,
    due_at timestamptz, given_at timestamptz, expires_at timestamptz, created_at timestamptz, updated_at timestamptz
) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    a ledger_account%ROWTYPE;
    w earning_award%ROWTYPE;
    granted record;
    fresh boolean;
BEGIN
    SELECT t.* INTO STRICT a FROM ledger_account t
    WHERE t.id = p_account AND t.program_id = p_program AND t.member_id = p_member FOR NO KEY UPDATE;

    IF p_key IS NOT NULL THEN
        SELECT t.* INTO w FROM earning_award t WHERE t.program_id = p_program AND t.idempotency_key = p_key;
        IF FOUND THEN
            RETURN QUERY SELECT CASE WHEN w.fingerprint = p_fingerprint THEN 'replayed' ELSE 'key_reused' END,
                w.public_id::text, w.status::text, w.points, w.base_points, w.multiplier, w.balance_after,
                ledger_spendable(a.id, p_now), a.lifetime, w.idempotency_key::text, w.source_reference::text,
                w.due_at, w.given_at, w.expires_at, w.created_at, w.updated_at;
            RETURN;
        END IF;
    END IF;

    SELECT m.status = 'member' AND r.version = p_rule_version AND s.tier_id IS NOT DISTINCT FROM p_tier INTO fresh
    FROM members_member m JOIN earning_earningrule r ON r.id = p_rule
    LEFT JOIN tiers_tiermembership s ON s.member_id = m.id WHERE m.id = p_member;
    IF fresh IS NOT TRUE THEN
        RETURN QUERY SELECT 'stale', NULL::text, NULL::text, 0::bigint, 0::numeric, 0::numeric, 0::bigint, a.available,
            a.lifetime, NULL::text, NULL::text, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz,
            NULL::timestamptz, NULL::timestamptz;
        RETURN;
    END IF;

    -- "once:" is once per customer: awards made while the rule was unlimited count too, a rejected one does not. Any other
    -- occurrence (an order, a year's birthday) was decided when it was first awarded, whatever became of that award.
    IF p_occurrence IS NOT NULL AND EXISTS (
        SELECT 1 FROM earning_award t WHERE t.member_id = p_member AND CASE WHEN p_occurrence = 'once:' || p_rule
            THEN t.rule_id = p_rule AND t.status <> 'rejected' ELSE t.occurrence = p_occurrence END)
    THEN
        RETURN QUERY SELECT 'already_awarded', NULL::text, NULL::text, 0::bigint, 0::numeric, 0::numeric, 0::bigint,
            a.available, a.lifetime, NULL::text, NULL::text, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz,
            NULL::timestamptz, NULL::timestamptz;
        RETURN;
    END IF;

    IF p_more ? 'limit_count' AND (p_more ->> 'limit_count')::bigint <= (
        SELECT count(*) FROM earning_award t WHERE t.member_id = p_member AND t.rule_id = p_rule AND t.status <> 'rejected'
            AND t.created_at >= coalesce((p_more ->> 'limit_since')::timestamptz, '-infinity') AND t.created_at <= p_now)
    THEN
        RETURN QUERY SELECT 'limit_reached', NULL::text, NULL::text, 0::bigint, 0::numeric, 0::numeric, 0::bigint,
            a.available, a.lifetime, NULL::text, NULL::text, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz,
            NULL::timestamptz, NULL::timestamptz;
        RETURN;
    END IF;

    -- The budget that was read may have been drawn on meanwhile: then the award is judged afresh. A test draws nothing.
    IF p_more ? 'campaign_points' AND NOT a.is_testing THEN
        UPDATE campaigns_campaign t SET spent_points = t.spent_points + (p_more ->> 'campaign_points')::bigint
        WHERE t.id = (p_more ->> 'campaign_id')::bigint AND t.program_id = p_program
            AND t.spent_points + (p_more ->> 'campaign_points')::bigint <= t.budget_points;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'stale', NULL::text, NULL::text, 0::bigint, 0::numeric, 0::numeric, 0::bigint, a.available,
                a.lifetime, NULL::text, NULL::text, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz,
                NULL::timestamptz, NULL::timestamptz;
            RETURN;
        END IF;
    END IF;

    SELECT * INTO granted FROM ledger_accrue(
        p_program, p_account, 'award:' || p_public_id, 'accrual', p_points, p_source,
        p_earned_at, p_due_at, p_expires_at, true, p_details, p_event, p_now);

    INSERT INTO earning_award (
        program_id, public_id, member_id, rule_id, rule_version, entry_id, action, action_key, status, points, base_points,
        multiplier, balance_after, breakdown, source, source_reference, idempotency_key, fingerprint, occurrence, metadata,
        is_manual, is_test, campaign_id, order_id, order_number, ordered_at, due_at, given_at, expires_at, created_at, updated_at)
    VALUES (
        p_program, p_public_id, p_member, p_rule, p_rule_version, granted.entry_id, p_action, p_action_key,
        CASE WHEN p_due_at IS NULL THEN 'approved' ELSE 'pending' END, p_points, p_base,
        p_multiplier, granted.available, p_breakdown, p_source, p_source_reference, p_key, p_fingerprint, p_occurrence,
        p_metadata, false, a.is_testing, (p_more ->> 'campaign_id')::bigint, (p_more ->> 'order_id')::bigint,
        p_more ->> 'order_number', (p_more ->> 'ordered_at')::timestamptz, p_due_at, CASE WHEN p_due_at IS NULL THEN p_now END,
        CASE WHEN p_due_at IS NULL THEN p_expires_at END, p_now, p_now)
    RETURNING * INTO w;
    RETURN QUERY SELECT 'done', w.public_id::text, w.status::text, w.points, w.base_points, w.multiplier, w.balance_after,
        granted.available, granted.lifetime, w.idempotency_key::text, w.source_reference::text,
        w.due_at, w.given_at, w.expires_at, w.created_at, w.updated_at;
END $$;
