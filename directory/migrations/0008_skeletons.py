"""What the eye reads of a name, whatever alphabet its letters are taken from: equal for names that pass for
each other. The pairs are those of Unicode's list of confusables that imitate a French name: Cyrillic and Greek
letters, 0 and O, and what looks like l; "rn" and "vv" for m and w.
"""

from django.db import migrations

#: Letter of the name → what it is read as, capitals apart: capitals of other alphabets imitate capitals.
READ_AS = {
    "a": "аαɑАΑ",
    "b": "ЬВΒ",
    "c": "сϲСϹ",
    "d": "ԁ",
    "e": "еεЕΕ",
    "g": "ɡ",
    "h": "һНΗ",
    "j": "јЈ",
    "k": "кκКΚ",
    "l": "іιІΙӀ1|iI",
    "m": "мМΜ",
    "n": "пΝ",
    "o": "оοσОΟ0",
    "p": "рρРΡ",
    "s": "ѕЅ",
    "t": "тτТΤ",
    "u": "υ",
    "v": "νѵ",
    "w": "ѡω",
    "x": "хχХΧ",
    "y": "уγУΥ",
    "z": "Ζ",
}
LETTERS = "".join(READ_AS.values())
READ = "".join(letter * len(others) for letter, others in READ_AS.items())

FUNCTION = f"""
CREATE FUNCTION fr_skeleton(text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT replace(replace(regexp_replace(
    translate(lower(public.immutable_unaccent(translate(normalize($1, NFKC), '{LETTERS}', '{READ}'))), 'i', 'l'),
    '[^a-z0-9]+', '', 'g'), 'rn', 'm'), 'vv', 'w') $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0007_searches_use_their_index"),
        ("core", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION fr_skeleton(text);")]
