"""SIRET, FINESS and RNA: what is taken, what is refused, and that every single slip is seen."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from directory.keys import check_finess, check_rna, check_siret, normalised

DIGITS = st.integers(0, 9).map(str)


def refuses(check, number: str) -> bool:
    try:
        check(number)
    except ValidationError:
        return True
    return False


def with_key(body: str, check) -> str:
    """`body` and the one digit that makes it right, found by trying: nothing here knows the formula."""
    right = [body + key for key in "0123456789" if not refuses(check, body + key)]
    assert len(right) == 1
    return right[0]


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (check_siret, "73282932000074"),
        (check_siret, "35600000000048"),  # the seat of La Poste follows the common rule
        (check_siret, "35600000012345"[:9] + "00001"),  # 3+5+6+1 = 15
        (check_finess, "010003820"),
        (check_finess, "010003812"),
        (check_finess, "2A0000014"),
        (check_finess, "2B0000020"),
        (check_finess, "2B0004246"),
        (check_rna, "W301000624"),
        (check_rna, "W9R1000088"),
        (check_rna, "W2A1000119"),
    ],
)
def test_right_numbers_are_taken(check, number):
    assert not refuses(check, number)


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (check_siret, ""),
        (check_siret, "73282932000075"),
        (check_siret, "7328293200007"),
        (check_siret, "732829320000740"),
        (check_siret, "7328293200007A"),
        (check_siret, "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"),
        (check_siret, "35600000000002"),
        (check_finess, "010003821"),
        (check_finess, "01000382"),
        (check_finess, "2C0000020"),
        (check_finess, "2A0000020"),
        (check_finess, "A20000014"),
        (check_rna, "301000624"),
        (check_rna, "W30100062"),
        (check_rna, "WA01000624"),
        (check_rna, "W3010006240"),
    ],
)
def test_wrong_numbers_are_refused(check, number):
    assert refuses(check, number)


@given(st.lists(DIGITS, min_size=13, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_in_a_siret_is_always_seen(digits, place, shift):
    number = with_key("9" + "".join(digits)[1:], check_siret)
    wrong = str((int(number[place]) + shift) % 10)
    slipped = number[:place] + wrong + number[place + 1 :]
    assert refuses(check_siret, slipped) or slipped.startswith("356000000")


@given(st.sampled_from(["09", "31", "75", "2A", "2B", "97"]), st.lists(DIGITS, min_size=6, max_size=6))
def test_one_wrong_digit_in_a_finess_is_always_seen(department, digits):
    number = with_key(department + "".join(digits), check_finess)
    for place in range(2, 9):
        for wrong in set("0123456789") - {number[place]}:
            assert refuses(check_finess, number[:place] + wrong + number[place + 1 :])


@given(
    st.lists(DIGITS, min_size=14, max_size=14),
    st.lists(st.sampled_from(" .-\u00a0\u202f–"), min_size=14, max_size=14),
)
def test_what_stands_between_the_groups_is_dropped(digits, between):
    written = "".join(a + b for a, b in zip(between, digits, strict=True))
    assert normalised(written) == "".join(digits)
