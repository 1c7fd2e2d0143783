from django.db import migrations

# A signature is a proof, and so is the text it was given to: neither is rewritten. A charter that nobody
# may sign yet (no date, or a date to come) can still be corrected.
FORWARD = """
CREATE FUNCTION refuse_signature_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A signature is never changed.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER signature_is_never_rewritten BEFORE UPDATE ON directory_chartersignature
  FOR EACH ROW EXECUTE FUNCTION refuse_signature_update();
CREATE FUNCTION refuse_charter_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A charter in force is never rewritten: another version follows it.'
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER charter_in_force_is_never_rewritten BEFORE UPDATE ON directory_charter
  FOR EACH ROW WHEN (OLD.published_at <= clock_timestamp()) EXECUTE FUNCTION refuse_charter_update();
"""
REVERSE = """
DROP TRIGGER charter_in_force_is_never_rewritten ON directory_charter;
DROP FUNCTION refuse_charter_update();
DROP TRIGGER signature_is_never_rewritten ON directory_chartersignature;
DROP FUNCTION refuse_signature_update();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0010_ways_in")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
