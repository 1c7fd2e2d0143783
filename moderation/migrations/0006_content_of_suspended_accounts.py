from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0005_closed_accounts")]

    operations = [
        migrations.AddField(
            model_name="sanction",
            name="emptied_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="contenu supprimé le"
            ),
        ),
    ]
