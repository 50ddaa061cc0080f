-- outbox_append: writes one event in the caller's transaction and returns its id.
-- Kept in SQL so that the ledger's kernel can tell of a change without another round trip.
CREATE OR REPLACE FUNCTION outbox_append(
    p_program bigint, p_kind text, p_member bigint, p_sequence bigint, p_payload jsonb, p_now timestamptz
) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    INSERT INTO outbox_event (id, program_id, kind, member_id, sequence, payload, occurred_at)
    VALUES (gen_random_uuid(), p_program, p_kind, p_member, p_sequence, p_payload, p_now)
    RETURNING id
$$;
