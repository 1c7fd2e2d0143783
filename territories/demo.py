"""Health territories for the demonstration.

The three GHT exist and follow one département each, which stands here for the communes of their hospitals.
The others are invented, and say so in their name.
"""

from django.db import transaction

from .actions import compose_health_territory, recompose
from .models import Kind, Level, Territory

#: code, kind, name, references of what it is made of
HEALTH_TERRITORIES = [
    ("ght_pyrenees_ariegeoises", Kind.GHT, "GHT des Pyrénées ariégeoises", ["dep-09"]),
    ("ght_hautes_pyrenees", Kind.GHT, "GHT des Hautes-Pyrénées", ["dep-65"]),
    ("ght_lozere", Kind.GHT, "GHT de la Lozère", ["dep-48"]),
    ("demo_cpts_couserans", Kind.CPTS, "CPTS du Couserans (démonstration)", ["epci-200067940"]),
    (
        "demo_cls_foix_varilhes",
        Kind.CLS,
        "Contrat local de santé Foix-Varilhes (démonstration)",
        ["epci-200067791"],
    ),
    ("demo_cpts_grand_versailles", Kind.CPTS, "CPTS de Versailles (démonstration)", ["epci-247800584"]),
]


@transaction.atomic
def demo_health_territories() -> list[Territory]:
    """Compose them, or bring those that exist back to their state; leave out places that are not loaded."""
    made = []
    for code, kind, name, refs in HEALTH_TERRITORIES:
        parts = [t for ref in refs for t in _known(ref)]
        if len(parts) < len(refs):
            continue
        existing = Territory.objects.filter(level=Level.HEALTH, code=code).first()
        if existing:
            made.append(recompose(existing, name=name, kind=kind, communes=parts))
        else:
            made.append(compose_health_territory(name=name, kind=kind, code=code, communes=parts))
    return made


def _known(ref: str) -> list[Territory]:
    level, _, code = ref.partition("-")
    return list(Territory.objects.filter(level=level, code=code))
