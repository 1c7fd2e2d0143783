from django.db import migrations

# Whatever deletes a page (the admin, an account erased with everything that is hers, plain SQL), its listing
# goes in the same transaction, and the journal tells it to every web process. The lock is the one that
# `listings._journal` takes, so that the journal's numbers follow the order of the commits.
FORWARD = """
CREATE FUNCTION directory_forget_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM directory_listing WHERE kind = TG_ARGV[0] AND object_id = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER actor_leaves_the_listing AFTER DELETE ON directory_actor
  FOR EACH ROW EXECUTE FUNCTION directory_forget_listing('acteur');
CREATE TRIGGER structure_leaves_the_listing AFTER DELETE ON directory_structure
  FOR EACH ROW EXECUTE FUNCTION directory_forget_listing('structure');

CREATE FUNCTION directory_journal_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM directory_listingtext WHERE listing_id = OLD.id;
  PERFORM pg_advisory_xact_lock(8421077);
  INSERT INTO directory_listingchange (position, changed_at) VALUES (OLD.position, now());
  RETURN OLD;
END $$;
CREATE TRIGGER listing_deletion_is_journaled BEFORE DELETE ON directory_listing
  FOR EACH ROW EXECUTE FUNCTION directory_journal_deletion();
"""
REVERSE = """
DROP TRIGGER listing_deletion_is_journaled ON directory_listing;
DROP FUNCTION directory_journal_deletion();
DROP TRIGGER structure_leaves_the_listing ON directory_structure;
DROP TRIGGER actor_leaves_the_listing ON directory_actor;
DROP FUNCTION directory_forget_listing();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_positions_of_structures")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
