-- earning_facts: everything an award needs to be judged, as one JSON object, in one round trip; NULL without such a shop.
-- A function, because its plans are made once per session: planned anew each time they cost more than the reading.
CREATE OR REPLACE FUNCTION earning_facts(
    p_program bigint, p_domain text, p_action_key text, p_rule text, p_customer bigint, p_email text, p_now timestamptz,
    p_answer_scope text, p_answer_key text, p_occurred_at timestamptz
) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    p programs_program%ROWTYPE;
    r earning_earningrule%ROWTYPE;
    m members_member%ROWTYPE;
    a ledger_account%ROWTYPE;
    t tiers_tier%ROWTYPE;
    answer text;
BEGIN
    IF p_program IS NOT NULL THEN
        SELECT * INTO p FROM programs_program x WHERE x.id = p_program;
    ELSE
        SELECT * INTO p FROM programs_program x WHERE x.shopify_domain = p_domain;
    END IF;
    IF p.id IS NULL THEN
        RETURN NULL;
    END IF;

    -- A living rule first, then one that had the key before, then a deleted one, whose awards still answer a retry.
    IF p_action_key IS NOT NULL THEN
        SELECT * INTO r FROM earning_earningrule x
        WHERE x.program_id = p.id AND x.action_key = p_action_key AND x.deleted_at IS NULL;
        IF r.id IS NULL THEN
            SELECT x.* INTO r FROM earning_actionkeyalias k JOIN earning_earningrule x ON x.id = k.rule_id
            WHERE k.program_id = p.id AND k.key = p_action_key;
        END IF;
        IF r.id IS NULL THEN
            SELECT * INTO r FROM earning_earningrule x WHERE x.program_id = p.id AND x.action_key = p_action_key
            ORDER BY x.deleted_at DESC LIMIT 1;
        END IF;
    ELSE
        SELECT * INTO r FROM earning_earningrule x WHERE x.program_id = p.id AND x.public_id = p_rule;
    END IF;

    IF p_customer IS NOT NULL THEN
        SELECT * INTO m FROM members_member x WHERE x.program_id = p.id AND x.shopify_customer_id = p_customer;
        WHILE m.merged_into_id IS NOT NULL LOOP
            SELECT * INTO m FROM members_member x WHERE x.id = m.merged_into_id;
        END LOOP;
    ELSE
        SELECT * INTO m FROM members_member x
        WHERE x.program_id = p.id AND x.email = p_email AND x.merged_into_id IS NULL ORDER BY x.id LIMIT 1;
    END IF;
    IF m.redacted_at IS NOT NULL THEN
        m := NULL;
    END IF;
    IF m.id IS NOT NULL THEN
        SELECT * INTO a FROM ledger_account x WHERE x.member_id = m.id;
        SELECT x.* INTO t FROM tiers_tiermembership s JOIN tiers_tier x ON x.id = s.tier_id WHERE s.member_id = m.id;
    END IF;
    IF p_answer_key IS NOT NULL THEN
        SELECT x.body INTO answer FROM idempotency_record x
        WHERE x.program_id = p.id AND x.scope = p_answer_scope AND x.key = p_answer_key;
    END IF;

    RETURN jsonb_build_object(
        'id', p.id, 'plan', p.plan, 'is_installed', p.is_installed, 'is_enabled', p.is_enabled, 'time_zone', p.time_zone,
        'expiry_days', CASE WHEN p.points_expiry_enabled AND p.expiry_model = 'fixed' AND p.points_expiry_days > 0
            THEN p.points_expiry_days END,
        'tier_multiplier_scope', p.tier_multiplier_scope, 'test_mode', p.test_mode,
        'test_mode_emails', CASE WHEN p.test_mode = 'restrict' THEN to_jsonb(p.test_mode_emails) END,
        'rule', CASE WHEN r.id IS NOT NULL THEN jsonb_build_object(
            'id', r.id, 'public_id', r.public_id, 'name', r.name, 'version', r.version, 'action', r.action,
            'category', r.category, 'points', r.points, 'approval_days', r.approval_days, 'frequency', r.frequency,
            'options', r.options, 'limit', CASE WHEN r.limit_count IS NOT NULL
                THEN jsonb_build_array(r.limit_count, r.limit_window, r.limit_days) END) END,
        'rule_is_active', r.is_active AND r.deleted_at IS NULL,
        'member', CASE WHEN m.id IS NOT NULL THEN jsonb_build_object(
            'id', m.id, 'email', m.email, 'status', m.status, 'account_id', a.id, 'available', ledger_spendable(a.id, p_now),
            'lifetime', a.lifetime, 'tier_id', t.id, 'tier_name', t.name, 'multiplier', t.multiplier::text,
            'tags', CASE WHEN m.tags <> '{}' THEN to_jsonb(m.tags) END) END,
        -- Points in a period may lift at any award: while a tier is above, each is followed by a judgement. So is each of a
        -- member who stays for the days of grace: it may be the one that earns the tier back.
        'next_threshold', CASE WHEN p.tier_entry <> 'points' THEN NULL
            WHEN p.tier_period <> 'calendar_year' AND EXISTS (SELECT 1 FROM tiers_tiermembership s
                WHERE s.member_id = m.id AND s.falls_at IS NOT NULL) THEN 0
            ELSE (SELECT min(CASE WHEN p.tier_period = 'lifetime' THEN n.threshold ELSE 0 END)
            FROM tiers_tier n WHERE n.program_id = p.id AND n.threshold > coalesce(t.threshold, -1)) END,
        'campaigns', (
            SELECT jsonb_agg(jsonb_build_array(c.id, c.name, x.multiplier::text, c.starts_at, c.ends_at, x.extra_points,
                c.tier_ids, c.customer_tags, c.product_ids, c.collection_ids, c.product_tags, c.budget_points - c.spent_points))
            FROM campaigns_campaignmodifier x JOIN campaigns_campaign c ON c.id = x.campaign_id
            WHERE x.program_id = p.id AND x.earning_rule_id = r.id AND c.is_active AND c.starts_at <= p_occurred_at
                AND (c.ends_at IS NULL OR c.ends_at > p_occurred_at)),
        'first_answer', answer);
END $$;
