from django.db import migrations

# Positions come from a sequence that `listings` scrambles. The vectors are compressed where they can be; what
# keeps them out of the rows comes with migration 0005.
FORWARD = """
CREATE SEQUENCE directory_listing_positions;
ALTER TABLE directory_listingtext SET (toast_tuple_target = 128);
ALTER TABLE directory_listingtext ALTER COLUMN everyone SET STORAGE EXTENDED;
ALTER TABLE directory_listingtext ALTER COLUMN members SET STORAGE EXTENDED;
"""
REVERSE = "DROP SEQUENCE directory_listing_positions;"


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
