from django.db import migrations

# A word that half of the rows have makes the planner read the whole table rather than the word index: it counts
# the pages of the table, small since `0005`, and not those of the vectors, which are elsewhere. One search then
# takes half a second instead of twenty milliseconds. Within this function it may not.
FORWARD = """
CREATE FUNCTION directory_hits(circle text, query text, cap integer) RETURNS bytea
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  IF circle = 'everyone' THEN
    RETURN (SELECT string_agg(int4send(position), ''::bytea) FROM (
      SELECT position FROM directory_listingtext WHERE everyone @@ to_tsquery('fr', query) LIMIT cap) AS hits);
  END IF;
  RETURN (SELECT string_agg(int4send(position), ''::bytea) FROM (
    SELECT position FROM directory_listingtext WHERE members @@ to_tsquery('fr', query) LIMIT cap) AS hits);
END $$;
"""
REVERSE = "DROP FUNCTION directory_hits(text, text, integer);"


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_submitted_and_other_states")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
