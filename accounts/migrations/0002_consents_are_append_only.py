from django.db import migrations

# A consent is a proof: it is added to, never rewritten. Erasing an account still removes its rows,
# which is the only deletion let through (the foreign key's own cascade runs as a DELETE by subject).
FORWARD = """
CREATE FUNCTION refuse_consent_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A consent is never changed: add a row.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER consent_is_append_only BEFORE UPDATE ON accounts_consent
  FOR EACH ROW EXECUTE FUNCTION refuse_consent_update();
"""
REVERSE = """
DROP TRIGGER consent_is_append_only ON accounts_consent;
DROP FUNCTION refuse_consent_update();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
