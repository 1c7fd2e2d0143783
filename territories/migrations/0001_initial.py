import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models


# earthdistance before PostgreSQL 18 finds its own functions through the search path, which is empty while a
# dump is restored: an index on ll_to_earth() then fails to come back. This one says where to look.
EARTH_POINT = """
CREATE FUNCTION earth_point(lat double precision, lon double precision) RETURNS cube
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp
  AS $$ SELECT ll_to_earth($1, $2) $$;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(EARTH_POINT, "DROP FUNCTION earth_point(double precision, double precision)"),
        migrations.CreateModel(
            name='Containment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('whole', models.BooleanField(default=True, verbose_name='en entier')),
            ],
            options={
                'verbose_name': 'inclusion',
                'verbose_name_plural': 'inclusions',
            },
        ),
        migrations.CreateModel(
            name='Territory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('com', 'Commune'), ('epci', 'Intercommunalité'), ('dep', 'Département'), ('reg', 'Région'), ('sante', 'Territoire de santé')], max_length=5, verbose_name='échelon')),
                ('code', models.CharField(help_text='Code INSEE, SIREN pour une intercommunalité, mot court pour un territoire de santé.', max_length=40, validators=[django.core.validators.RegexValidator('^[0-9a-zA-Z_]+\\Z', 'Des lettres sans accent, des chiffres et _ seulement.')], verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('kind', models.CharField(blank=True, choices=[('cpts', 'CPTS'), ('ght', 'GHT'), ('cls', 'Contrat local de santé'), ('other', 'Autre territoire de santé')], default='', max_length=5, verbose_name='nature')),
                ('context', models.CharField(blank=True, default='', help_text='Département d’une commune, départements d’une intercommunalité, région d’un département.', max_length=500, verbose_name='situation')),
                ('lat', models.FloatField(help_text='Mairie d’une commune ; ailleurs, centre de la population.', verbose_name='latitude')),
                ('lon', models.FloatField(verbose_name='longitude')),
                ('population', models.PositiveIntegerField(default=0, verbose_name='population')),
                ('west', models.FloatField(blank=True, null=True, verbose_name='ouest')),
                ('south', models.FloatField(blank=True, null=True, verbose_name='sud')),
                ('east', models.FloatField(blank=True, null=True, verbose_name='est')),
                ('north', models.FloatField(blank=True, null=True, verbose_name='nord')),
                ('search_key', models.TextField(editable=False, verbose_name='clé de recherche')),
                ('sort_key', models.GeneratedField(db_persist=True, expression=models.Func(models.F('name'), function='fr_sort_key'), output_field=models.TextField())),
                ('weight', models.GeneratedField(db_persist=True, expression=models.Case(models.When(level__in=['epci', 'sante'], then=django.db.models.expressions.CombinedExpression(models.F('population'), '/', models.Value(20))), default=models.F('population'), output_field=models.IntegerField()), output_field=models.IntegerField())),
            ],
            options={
                'verbose_name': 'territoire',
                'verbose_name_plural': 'territoires',
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PostalCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=5, verbose_name='code postal')),
            ],
            options={
                'verbose_name': 'code postal',
                'verbose_name_plural': 'codes postaux',
                'ordering': ['code', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Contour',
            fields=[
                ('territory', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='contour', serialize=False, to='territories.territory', verbose_name='territoire')),
                ('geometry', models.JSONField(help_text='MultiPolygon GeoJSON, en degrés', verbose_name='géométrie')),
                ('digest', models.GeneratedField(db_persist=True, expression=models.Func(django.db.models.functions.comparison.Cast('geometry', models.TextField()), function='md5'), output_field=models.CharField(max_length=32))),
            ],
            options={
                'verbose_name': 'contour',
                'verbose_name_plural': 'contours',
            },
        ),
        migrations.AddIndex(
            model_name='territory',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search_key', 'gin_trgm_ops'), name='territory_search_trgm'),
        ),
        migrations.AddIndex(
            model_name='territory',
            index=models.Index(fields=['search_key'], include=('weight', 'level', 'id'), name='territory_search_prefix', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='territory',
            index=models.Index(fields=['lat', 'lon'], name='territory_lat_lon'),
        ),
        migrations.AddIndex(
            model_name='territory',
            index=models.Index(django.contrib.postgres.indexes.OpClass('code', 'text_pattern_ops'), name='territory_code_prefix'),
        ),
        migrations.AddIndex(
            model_name='territory',
            index=django.contrib.postgres.indexes.GistIndex(models.Func('lat', 'lon', function='earth_point'), condition=models.Q(('level', 'com')), name='territory_earth'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.UniqueConstraint(fields=('level', 'code'), name='territory_level_code', violation_error_message='Un territoire de cet échelon porte déjà ce code.'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['cpts', 'ght', 'cls', 'other']), ('level', 'sante')), models.Q(models.Q(('level', 'sante'), _negated=True), ('kind', '')), _connector='OR'), name='territory_kind_only_for_health', violation_error_message='Seul un territoire de santé a une nature, et il en a une.'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['com', 'epci', 'dep', 'reg', 'sante'])), name='territory_level_known', violation_error_message='Cet échelon n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9a-zA-Z_]+$')), name='territory_code_plain', violation_error_message='Des lettres sans accent, des chiffres et _ seulement.'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(('lat__range', (-90, 90)), ('lon__range', (-180, 180))), name='territory_on_earth', violation_error_message='Cette position n’est pas sur la Terre.'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('east__isnull', True), ('north__isnull', True), ('south__isnull', True), ('west__isnull', True)), models.Q(('east__isnull', False), ('east__lte', 180), ('north__isnull', False), ('south__isnull', False), ('south__lte', models.F('north')), ('west__isnull', False), ('west__range', (-180, models.F('east')))), _connector='OR'), name='territory_box_ordered', violation_error_message='Ce cadre n’est pas un rectangle de la carte.'),
        ),
        migrations.AddField(
            model_name='containment',
            name='inner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outer_links', to='territories.territory', verbose_name='contenu'),
        ),
        migrations.AddField(
            model_name='containment',
            name='outer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inner_links', to='territories.territory', verbose_name='contenant'),
        ),
        migrations.AddField(
            model_name='postalcode',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postal_codes', to='territories.territory', verbose_name='commune'),
        ),
        migrations.AddIndex(
            model_name='containment',
            index=models.Index(fields=['inner', 'outer'], include=('whole',), name='containment_inner'),
        ),
        migrations.AddConstraint(
            model_name='containment',
            constraint=models.UniqueConstraint(fields=('outer', 'inner'), name='containment_pair', violation_error_message='Cette inclusion est déjà connue.'),
        ),
        migrations.AddConstraint(
            model_name='containment',
            constraint=models.CheckConstraint(condition=models.Q(('outer', models.F('inner')), _negated=True), name='containment_of_another', violation_error_message='Un territoire ne se contient pas lui-même.'),
        ),
        migrations.AddIndex(
            model_name='postalcode',
            index=models.Index(django.contrib.postgres.indexes.OpClass('code', 'text_pattern_ops'), name='postal_code_prefix'),
        ),
        migrations.AddConstraint(
            model_name='postalcode',
            constraint=models.UniqueConstraint(fields=('code', 'commune'), name='postal_code_commune', violation_error_message='Cette commune a déjà ce code postal.'),
        ),
    ]
