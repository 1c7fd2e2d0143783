from django.db import migrations

# Who read what, and that an account was erased, are proofs: nothing of them is rewritten, and nothing is
# deleted but by the code that erases a person or applies a term, which says so for its transaction. One thing
# may change: the account of who read is erased, and the reading then stays without a name.
FORWARD = """
CREATE FUNCTION privacy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF current_setting('partenariat.erasing', true) = 'on' THEN
      RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A proof is not deleted before its term.' USING ERRCODE = 'check_violation';
  END IF;
  IF to_jsonb(NEW) ? 'reader_id' AND to_jsonb(NEW)->'reader_id' = 'null'::jsonb
     AND to_jsonb(NEW) - 'reader_id' = to_jsonb(OLD) - 'reader_id' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'A proof is never rewritten.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER health_read_stays BEFORE UPDATE OR DELETE ON privacy_healthread
  FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER erasure_stays BEFORE UPDATE OR DELETE ON privacy_erasure
  FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
"""
REVERSE = """
DROP TRIGGER erasure_stays ON privacy_erasure;
DROP TRIGGER health_read_stays ON privacy_healthread;
DROP FUNCTION privacy_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
