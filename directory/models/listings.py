"""What the lists, the map and the search read: one narrow row for each thing published."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audience import Audience

from ..querysets import ListingQuerySet

#: Positions live in [0, 2**24): room for sixteen million. They are given by whole groups of 2**16, each
#: shuffled and filled before the next: the sets of the index are made of such groups, and few are small.
POSITION_BITS = 24
GROUP_BITS = 16


class FrSortKey(models.Func):
    function = "fr_sort_key"
    output_field = models.TextField()


class Listing(models.Model):
    """A published page as others find it. Derived: `listings.refresh` writes it, nothing else does.

    `position` is the place of the row in a fixed shuffle of everything. The bitmaps of the index are
    sets of positions, and the daily order starts from a different position each day.
    """

    #: The kinds of this app; those of all apps are in `directory.listed`.
    ACTOR, STRUCTURE = "acteur", "structure"

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    position = models.IntegerField(unique=True)
    slug = models.SlugField(max_length=120)
    name = models.CharField(max_length=160)
    sort_key = models.GeneratedField(
        expression=FrSortKey("name"), output_field=models.TextField(), db_persist=True
    )
    headline = models.CharField(max_length=240, blank=True)
    mark = models.CharField(max_length=20, help_text="The kind of mark drawn beside the name and on the map.")
    commune = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+")
    #: Where a structure is. People have none: they sit at the centre of their commune.
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    audience = models.PositiveSmallIntegerField(choices=Audience)
    themes_audience = models.PositiveSmallIntegerField(choices=Audience)
    zones = ArrayField(models.BigIntegerField(), default=list)
    tags = ArrayField(models.BigIntegerField(), default=list)
    themes = ArrayField(models.BigIntegerField(), default=list)
    published_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("entrée du répertoire")
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="listing_once"),
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True) | ~models.Q(kind="acteur"),
                name="listing_people_have_no_position",
            ),
            models.CheckConstraint(
                condition=models.Q(position__gte=0, position__lt=2**POSITION_BITS),
                name="listing_position_in_range",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "position"], name="listing_by_name"),
            models.Index(fields=["-published_at", "position"], name="listing_by_date"),
            GinIndex(OpClass("sort_key", name="gin_trgm_ops"), name="listing_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name


class ListingText(models.Model):
    """The words by which a listing is found, one vector for each circle that can search them."""

    listing = models.OneToOneField(Listing, models.CASCADE, primary_key=True, related_name="text")
    position = models.IntegerField(unique=True)
    everyone = SearchVectorField(null=True)
    members = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("mots d’une entrée")
        indexes = [
            GinIndex(fields=["everyone"], name="listing_text_everyone"),
            GinIndex(fields=["members"], name="listing_text_members"),
        ]

    def __str__(self) -> str:
        return str(self.listing_id)


class ListingChange(models.Model):
    """The journal that tells every web process which positions changed since it last looked."""

    #: In place of a position: the vocabularies changed, or so much did that everything is to be read anew.
    EVERYTHING = -1

    id = models.BigAutoField(primary_key=True)
    position = models.IntegerField()
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("changement d’une entrée")

    def __str__(self) -> str:
        return str(self.position)
