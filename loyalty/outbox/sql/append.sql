-- outbox_append: writes one event in the caller's transaction and returns its id.
-- Kept in SQL so that the ledger's kernel can tell of a change without another round trip. In plpgsql, so that its body is
-- read when it first runs: the migrations that install it run before all columns exist.
CREATE OR REPLACE FUNCTION outbox_append(
    p_program bigint, p_kind text, p_member bigint, p_sequence bigint, p_payload jsonb, p_is_test boolean, p_now timestamptz
) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    new_event uuid;
BEGIN
    INSERT INTO outbox_event (id, program_id, kind, member_id, sequence, payload, is_test, occurred_at)
    VALUES (gen_random_uuid(), p_program, p_kind, p_member, p_sequence, p_payload, p_is_test, p_now)
    RETURNING id INTO new_event;
    RETURN new_event;
END $$;
