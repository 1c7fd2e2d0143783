"""A poster as a PDF: one A4 with a QR code, made by Typst, tagged so that it can be read aloud."""

from __future__ import annotations

import io
from pathlib import Path

import segno
import typst
from django.utils.translation import gettext as _

from .models import Poster

LAYOUT = Path(__file__).parent / "data" / "poster.typ"


def pdf_of(poster: Poster, url: str) -> bytes:
    """The poster; `url` is its whole address. What it says goes in as values, never as code."""
    drawing = io.BytesIO()
    segno.make(url, error="m").save(drawing, kind="svg", border=0, xmldecl=False, svgns=True)
    short = url.split("://", 1)[-1].rstrip("/")
    words = {
        "headline": _("Votre expérience de la santé compte."),
        "lead": _(
            "Vous vivez avec une maladie ou un handicap, vous accompagnez un proche, "
            "vous travaillez dans la santé ou le social ?"
        ),
        "call": _("Rejoignez la carte du partenariat en santé."),
        "ease": _("Sans diplôme, sans engagement. Cinq minutes, et vous choisissez qui voit quoi."),
        "scan": _("Photographiez ce carré avec votre téléphone, ou tapez cette adresse :"),
        "qr_alt": _("Code à photographier, qui mène à %(address)s") % {"address": short},
        "address": short,
        "place": poster.title,
        "qr": drawing.getvalue().decode(),
    }
    return typst.compile(LAYOUT.read_bytes(), sys_inputs=words, pdf_standards=["ua-1"])
