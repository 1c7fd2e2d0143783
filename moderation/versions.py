"""Forms that notice that what they edit changed since they were opened: nothing is overwritten unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

#: Signs of a print: enough to tell two values apart, not to guess one.
PRINT_LENGTH = 12


@dataclass(frozen=True)
class Conflict:
    """A field that someone changed meanwhile, and that the writer changes too: what is kept now, and hers."""

    name: str
    now: object
    hers: object


class VersionedForm(forms.Form):
    """A form whose page says, in a hidden field, what it was opened on: a print of each value.

    A field that someone else changed meanwhile, and that the writer did not touch, keeps the other's value
    (`kept`). One that both changed comes back once, with both values (`conflicts`); sent again, hers is
    worth. A page without the hidden field is not compared.

    values: what is edited as it is now, as `Kind.read` writes it; `changes` gives back the same shape.
    """

    version = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    values: Mapping[str, object]

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.conflicts: list[Conflict] = []
        self.kept: list[str] = []

    def changes(self) -> dict[str, object]:
        """What is valid of what was typed."""
        raise NotImplementedError

    def part_of(self, values: Mapping[str, object]) -> dict[str, object]:
        """The part of `values` that this form writes."""
        return dict(values)

    def merged_changes(self) -> dict[str, object]:
        """What was typed, with the values of others where the writer touched nothing."""
        return self.changes() | {name: self.values[name] for name in self.kept}

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> object:
        if field_name == "version":
            return json.dumps(_prints(self.part_of(self.values)))
        return super().get_initial_for_field(field, field_name)

    def full_clean(self) -> None:
        super().full_clean()
        opened = _read(self.cleaned_data.get("version", "")) if self.is_bound else {}
        if not opened:
            return
        now, hers = self.part_of(self.values), self.part_of(self.changes())
        for name in now.keys() & hers.keys() & opened.keys():
            if opened[name] == _print(now[name]) or _print(hers[name]) == _print(now[name]):
                continue
            if _print(hers[name]) == opened[name]:
                self.kept.append(name)
            else:
                self.conflicts.append(Conflict(name, now[name], hers[name]))
        if self.conflicts:
            self._ask_again(opened)

    def _ask_again(self, opened: dict[str, str]) -> None:
        self.conflicts.sort(key=lambda conflict: conflict.name)
        self.add_error(None, _("Quelqu’un a changé cette page depuis que vous l’avez ouverte."))
        seen = {conflict.name: _print(conflict.now) for conflict in self.conflicts}
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = json.dumps(opened | seen)


def _prints(values: Mapping[str, object]) -> dict[str, str]:
    return {name: _print(value) for name, value in values.items()}


def _print(value: object) -> str:
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")  # as browsers send line ends
    written = json.dumps(value, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:PRINT_LENGTH]


def _read(version: str) -> dict[str, str]:
    """The prints that a page was opened on; none for what no page of ours wrote."""
    try:
        prints = json.loads(version or "{}")
    except (ValueError, RecursionError):
        return {}
    return prints if isinstance(prints, dict) else {}
