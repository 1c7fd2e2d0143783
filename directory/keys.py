"""The numbers that identify a structure: how they are written, and the slips that their keys betray.

SIRET and FINESS end with a Luhn key. Two exceptions: the thousands of branches of La Poste, of one SIREN,
have a sum of digits that five divides; and the FINESS numbers of Corsica hold a letter, A counting as 1 and
B as 2 (as 10 and 11 do: Luhn doubles them there, and 20 and 22 have the same sums of digits as 2 and 4).
RNA numbers have no key: W, two signs for the department (the second may be a letter, in Corsica and
overseas), seven digits.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LA_POSTE = "356000000"
LETTERS = str.maketrans("AB", "12")
SIRET = re.compile(r"\d{14}", re.ASCII)
FINESS = re.compile(r"(\d{2}|2[AB])\d{7}", re.ASCII)
RNA = re.compile(r"W\d[0-9A-Z]\d{7}", re.ASCII)
#: What people put between the groups of a number.
BETWEEN = re.compile(r"[\s.\-\u2010-\u2015]+")


def normalised(number: str) -> str:
    """A number as it is kept: capitals, nothing between its characters."""
    return BETWEEN.sub("", number).upper()


def luhn(digits: str) -> bool:
    """Whether the last digit is the key of those before it."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def check_siret(number: str) -> None:
    """Raises ValidationError, in words, when `number` is no SIRET."""
    if not SIRET.fullmatch(number):
        raise ValidationError(_("Un SIRET a quatorze chiffres, par exemple 732 829 320 00074."))
    branch = number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0
    if not (luhn(number) or branch):
        raise ValidationError(_("Ce SIRET ne peut pas exister : un chiffre est faux, ou deux sont inversés."))


def check_finess(number: str) -> None:
    """Raises ValidationError, in words, when `number` is no FINESS number."""
    if not FINESS.fullmatch(number):
        raise ValidationError(
            _("Un FINESS a neuf caractères : neuf chiffres, ou 2A ou 2B puis sept chiffres en Corse.")
        )
    if not luhn(number.translate(LETTERS)):
        raise ValidationError(
            _("Ce FINESS ne peut pas exister : un chiffre est faux, ou deux sont inversés.")
        )


def check_rna(number: str) -> None:
    """Raises ValidationError, in words, when `number` is no RNA number."""
    if not RNA.fullmatch(number):
        raise ValidationError(
            _("Un numéro RNA est la lettre W suivie de neuf caractères, par exemple W751 000 000.")
        )
