from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_blocks_and_suspension")]

    operations = [
        # Empty for the answers given before texts were kept: nothing is written into them after the fact.
        migrations.AddField(
            model_name="consent",
            name="text_digest",
            field=models.CharField(default="", max_length=64, verbose_name="empreinte du texte"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="user",
            name="is_unconfirmed",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Compte demandé en ligne, dont personne n’a encore montré qu’il lit l’adresse.",
                verbose_name="adresse jamais confirmée",
            ),
        ),
    ]
