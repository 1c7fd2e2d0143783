"""Forms whose texts are read by the writing guard before they are sent."""

from __future__ import annotations

import hashlib

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .guard import Excerpt, Finding, scan

WORDS = {
    Finding.PHONE: gettext_lazy("un numéro de téléphone"),
    Finding.MAIL: gettext_lazy("une adresse mail"),
    Finding.ADDRESS: gettext_lazy("une adresse postale"),
    Finding.NIR: gettext_lazy("un numéro de sécurité sociale"),
    Finding.IBAN: gettext_lazy("un numéro de compte bancaire"),
    Finding.LINK: gettext_lazy("un lien vers un autre site"),
}


class GuardedForm(forms.Form):
    """A form, or the first parent of a ModelForm, that asks its writer to think again.

    guarded: the names of the fields that others will read.
    unasked: kinds of findings that are at home in this form, and not asked about.

    At the first sending, a field where something was found comes back with a sentence and a box "keep it";
    the box is worth for what was found then, and not for what is added afterwards. The box is drawn with the
    field, however the page places it. Words of distress are never held against their writer: the caller
    reads `distress`, shows `<c-help-lines />` and lets the moderators know.
    """

    guarded: tuple[str, ...] = ()
    unasked: frozenset[Finding] = frozenset()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.distress: list[Excerpt] = []
        for name in self.guarded:
            self.fields[name].template_name = "moderation/guarded_field.html"
            self.fields[name].keep = None

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.guarded:
            found = scan(cleaned.get(name) or "")
            self.distress += [one for one in found if one.kind is Finding.DISTRESS]
            self._ask_about(name, [one for one in found if one.kind not in {Finding.DISTRESS, *self.unasked}])
        return cleaned

    def _ask_about(self, name: str, found: list[Excerpt]) -> None:
        if not found:
            return
        mark = hashlib.sha256("\n".join(one.text for one in found).encode()).hexdigest()[:16]
        box = self.add_prefix(f"{name}-garder")
        kept = self.data.get(box) == mark
        self.fields[name].keep = {"name": box, "value": mark, "checked": kept}
        if not kept:
            self.add_error(name, sentence(found))


def sentence(found: list[Excerpt]) -> str:
    """What was found, said to the person who wrote it."""
    kinds = list(dict.fromkeys(one.kind for one in found))
    what = [str(WORDS[kind]) for kind in kinds]
    listed = (
        what[0]
        if len(what) == 1
        else _("%(first)s et %(last)s")
        % {
            "first": ", ".join(what[:-1]),
            "last": what[-1],
        }
    )
    return _(
        "Votre texte semble contenir %(what)s : « %(excerpt)s ». Enlevez ce que vous ne voulez pas montrer, "
        "ou cochez « garder quand même »."
    ) % {"what": listed, "excerpt": " », « ".join(Truncator(one.text).chars(60) for one in found[:3])}
