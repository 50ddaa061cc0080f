-- Entries never change and are never deleted on their own: corrections are entries. Two words open the journal, each for
-- its own transaction. encore.purge lets rows go: a whole programme ends, or a test's database is emptied.
-- encore.forget lets the details change and nothing else: a person asked to be forgotten, and the figures stay.
CREATE OR REPLACE FUNCTION ledger_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('encore.purge', true) = 'on' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND current_setting('encore.forget', true) = 'on'
        AND to_jsonb(NEW) - 'details' = to_jsonb(OLD) - 'details'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger entries are append-only: entry % cannot take %', OLD.id, lower(TG_OP)
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_append_only();
