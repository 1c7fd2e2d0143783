"""What belongs to a person, in every table, as the register says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.register import Link, links

#: Rows about rows about her things: a mail about a decision about her page. Nothing goes further.
DEPTH = 2


class Belongings:
    """The rows linked to `user` at this moment: primary keys by link. Asked of the database once."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.addresses = addresses_of(user)
        self.rows: dict[Link, set] = {}
        self._about: dict[str, set] = defaultdict(set)
        for link in links():
            if link.owner and not link.is_generic:
                self._found(link, self._way(link))
        for _step in range(DEPTH):
            for link in links():
                if link.is_generic:
                    self._found(link, self._anything_of_hers(link))

    def __iter__(self) -> Iterator[tuple[Link, set]]:
        return iter(self.rows.items())

    def holds(self, row: models.Model) -> bool:
        """Whether `row` is one of those that go with her."""
        return row.pk in self._about[row._meta.label]

    def _found(self, link: Link, condition: Q) -> None:
        found = set(link.get_model()._base_manager.filter(condition).values_list("pk", flat=True))
        self.rows[link] = found
        if link.on_erasure == "delete":
            self._about[link.model] |= found

    def _way(self, link: Link) -> Q:
        if link.owner == "self":
            return Q(pk=self.user.pk)
        if isinstance(_last_field(link), ArrayField):
            return Q(**{f"{link.owner}__contains": [self.user.pk]})
        if not _last_field(link).is_relation:
            return Q(**{f"{link.owner}__in": self.addresses})
        return Q(**{link.owner: self.user.pk})

    def _anything_of_hers(self, link: Link) -> Q:
        kind, number = link.owner.split("+")
        as_text = isinstance(link.get_model()._meta.get_field(number), (models.CharField, models.TextField))
        condition = Q(pk__in=[])
        for label, keys in self._about.items():
            if keys and label != link.model:
                wanted = (
                    [str(key) for key in keys] if as_text else [key for key in keys if isinstance(key, int)]
                )
                condition |= Q(**{kind: _content_type(label), f"{number}__in": wanted})
        return condition


def addresses_of(user: User) -> list[str]:
    """Every mail address of an account, as rows without an account may hold them."""
    known = user.emailaddress_set.values_list("email", flat=True)
    return sorted({spelling for one in (user.email, *known) for spelling in (one, one.lower())})


def _content_type(label: str) -> ContentType:
    app, model = label.lower().split(".")
    return ContentType.objects.get_by_natural_key(app, model)


def _last_field(link: Link) -> models.Field:
    model = link.get_model()
    *steps, last = link.owner.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return model._meta.get_field(last)
