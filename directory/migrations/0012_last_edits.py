import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0011_signatures_are_never_rewritten")]

    # Of the pages there are, nothing says when they were last edited: their time begins today.
    operations = [
        migrations.AddField(
            model_name=name,
            name="edited_at",
            field=models.DateTimeField(
                auto_now=True, default=django.utils.timezone.now, verbose_name="modifié le"
            ),
            preserve_default=False,
        )
        for name in ("actor", "structure")
    ]
