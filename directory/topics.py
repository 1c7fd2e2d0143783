"""The topics of a person's page, in the order they are asked when joining."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .forms.bring import BringForm, PathForm
from .forms.sharing import SharingForm, SharingStep
from .forms.topic import TopicForm
from .forms.where import WhereForm
from .forms.who import WhoForm


@dataclass(frozen=True)
class Topic:
    """One topic: its place in addresses, its words, its form and the template that draws its fields."""

    slug: str
    title: str | Promise
    lead: str | Promise
    form: type[TopicForm]
    body: str
    optional: bool = False


WHO = Topic(
    "qui-je-suis",
    _("Qui je suis"),
    _("Votre nom, et d’où vous parlez. On peut avoir plusieurs rôles, et débuter."),
    WhoForm,
    "directory/topics/_who.html",
)
WHERE = Topic(
    "ou",
    _("Où je suis"),
    _(
        "Pour qu’on vous trouve près de chez soi. On vous situe au centre de votre commune, jamais à "
        "votre adresse."
    ),
    WhereForm,
    "directory/topics/_where.html",
)
BRING = Topic(
    "ce-que-j-apporte",
    _("Ce que j’apporte, ce que je cherche"),
    _("Tout est facultatif. Vous pouvez passer, et compléter un autre jour."),
    BringForm,
    "directory/topics/_fields.html",
    optional=True,
)
PATH = Topic(
    "parcours",
    _("Mon parcours"),
    _("Pour aller plus loin, si vous le voulez. Chaque partie a son propre public."),
    PathForm,
    "directory/topics/_fields.html",
    optional=True,
)
SHARING = Topic(
    "partage",
    _("Ce que je partage, et avec qui"),
    _("Au départ, seuls les membres voient votre page. Vos choix agissent tout de suite."),
    SharingForm,
    "directory/topics/_sharing.html",
)
SHARING_STEP = Topic(
    SHARING.slug, SHARING.title, SHARING.lead, SharingStep, "directory/topics/_sharing_step.html"
)

#: Asked when joining; the charter and the last reading follow.
STEPS = (WHO, WHERE, BRING, SHARING_STEP)
CHARTER_STEP, REVIEW_STEP = "charte", "relecture"
#: Edited on one's page.
TOPICS = {topic.slug: topic for topic in (WHO, WHERE, BRING, PATH, SHARING)}
