from django.db import migrations

# PostgreSQL moves values out of a row only when the row is over 2 kB, and those of a vector or two are just
# under: a search for a common word then reads a hundred megabytes to count its hits. A filler that weighs
# thirty bytes once compressed brings each row over the limit, and the vectors leave: what is read is a tenth.
FORWARD = """
ALTER TABLE directory_listingtext ADD COLUMN filler text NOT NULL DEFAULT repeat(' ', 2100);
UPDATE directory_listingtext SET position = position;
"""
REVERSE = "ALTER TABLE directory_listingtext DROP COLUMN filler;"


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_listings_follow_deletions")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
