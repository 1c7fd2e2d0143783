from django.db import migrations

# A decision is a proof: nothing of it is rewritten. One thing alone may change: the account that took it
# is erased, and the decision then stays without a name.
FORWARD = """
CREATE FUNCTION refuse_decision_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.by_id IS NULL AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'A decision is never changed: another one follows it.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER decision_is_never_rewritten BEFORE UPDATE ON moderation_decision
  FOR EACH ROW EXECUTE FUNCTION refuse_decision_update();
"""
REVERSE = """
DROP TRIGGER decision_is_never_rewritten ON moderation_decision;
DROP FUNCTION refuse_decision_update();
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_kernel")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
