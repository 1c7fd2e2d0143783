"""What a text says that its author may not have meant to publish, and the words that call for help.

Nothing is refused here: the author is asked to think again, and help is shown. So a doubt about a number is
settled by its shape (keys, groups of digits), and what people of the field write every day, postcodes, years,
prices, SIRET or FINESS numbers, is left alone.

Every pattern is bounded: each character is looked at a fixed number of times, whatever the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.text import plain


class Finding(StrEnum):
    """What may be found in a text."""

    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    NIR = "nir"
    IBAN = "iban"
    LINK = "link"
    DISTRESS = "distress"
    #: A SIRET number: public, never given back by `scan`, but known so as not to be read as a phone.
    BUSINESS = "business"


@dataclass(frozen=True, order=True)
class Excerpt:
    """One thing found: where it starts in the text (NFC), the words themselves, what they look like."""

    start: int
    text: str
    kind: Finding

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def scan(text: str) -> list[Excerpt]:
    """What is found in `text`, in its order. What one kind explains is not given to another."""
    text = unicodedata.normalize("NFC", text)
    left = text
    found = []
    for search in (_ibans, _nirs, _business_numbers, _mails, _links, _addresses, _phones):
        here = list(search(left))
        left = _without(left, here)
        found += here
    said = [excerpt for excerpt in found if excerpt.kind is not Finding.BUSINESS]
    return sorted([*said, *_distress(text)])


def _without(text: str, found: list[Excerpt]) -> str:
    """The text with line ends where something was found, so that every place stays where it is."""
    parts, place = [], 0
    for excerpt in found:
        parts += [text[place : excerpt.start], "\n" * len(excerpt.text)]
        place = excerpt.end
    return "".join([*parts, text[place:]])


_BLANK = r"[ \u00a0\u202f.-]?"
# Spaces of every width, dots, hyphens, slashes and brackets: how people space out a number.
_GAP = r"[ \u00a0\u2009\u202f.\-–_/()]{0,3}"
_FRENCH_PHONE = rf"(?:(?:\+|00){_GAP}33{_GAP}(?:0{_GAP})?|0{_GAP})[1-9](?:{_GAP}[0-9]){{8}}"
_FOREIGN_PHONE = rf"(?:\+|00){_GAP}[1-9](?:{_GAP}[0-9]){{8,13}}"
_PHONE = re.compile(rf"(?<![0-9+])(?<![0-9][.,])(?:{_FRENCH_PHONE}|{_FOREIGN_PHONE})(?![0-9])")
_DATE = re.compile(r"(?<![0-9])[0-9]{1,2}[ ./-][0-9]{1,2}[ ./-](?:19|20)[0-9]{2}(?![0-9])")
_MONEY = re.compile(r"[ \u00a0\u202f]?(?:€|%|euros?\b|k€|M€)")


def _phones(text: str) -> Iterator[Excerpt]:
    for match in _PHONE.finditer(text):
        groups = re.findall(r"[0-9]+", match[0])
        # Nine digits and one more are a FINESS or SIREN number beside something else.
        numbered = [len(group) for group in groups] == [9, 1]
        if not numbered and not _DATE.search(match[0]) and not _MONEY.match(text, match.end()):
            yield Excerpt(match.start(), match[0], Finding.PHONE)


_BUSINESS = re.compile(rf"(?<![0-9]){_BLANK.join(['[0-9]{3}'] * 3)}{_BLANK}[0-9]{{5}}(?![0-9])")


def _business_numbers(text: str) -> Iterator[Excerpt]:
    for match in _BUSINESS.finditer(text):
        if _luhn(re.sub(r"[^0-9]", "", match[0])):
            yield Excerpt(match.start(), match[0], Finding.BUSINESS)


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


_AT = re.compile(
    r"""(?<=[\w.%+-])[ \u00a0]{0,2}
    (?:@|＠|[(\[](?:at|a|arobase?)[)\]]|(?<=[ \u00a0])arobase?(?=[ \u00a0]))
    [ \u00a0]{0,2}[\w-]{1,63}
    (?:(?:\.|[ \u00a0](?:point|dot)[ \u00a0]|[(\[](?:point|dot|\.)[)\]])[\w-]{1,63}){1,5}""",
    re.IGNORECASE | re.VERBOSE,
)
_LOCAL_LENGTH = 64


def _mails(text: str) -> Iterator[Excerpt]:
    floor = 0
    for match in _AT.finditer(text):
        start = _walked_back(text, match.start(), ".%+-_", max(floor, match.start() - _LOCAL_LENGTH))
        floor = match.end()
        yield Excerpt(start, text[start : match.end()], Finding.MAIL)


def _walked_back(text: str, end: int, marks: str, floor: int) -> int:
    """Where the word of letters, digits and `marks` that stops at `end` begins, not before `floor`."""
    start = end
    while start > floor and (text[start - 1].isalnum() or text[start - 1] in marks):
        start -= 1
    return start


_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"«»]{3,}", re.IGNORECASE)
#: A site named without its "www": from the end, since few words are followed by ".fr".
_SITE = re.compile(r"(?<=[a-z0-9])\.(?:fr|com|org|net|eu|info|io)(?![\w-]|\.\w)(?:/[^\s<>\"«»]*)?", re.I)
_SITE_LENGTH = 100


def _links(text: str) -> Iterator[Excerpt]:
    whole = [
        Excerpt(match.start(), match[0].rstrip(".,;:!?)…’'"), Finding.LINK) for match in _LINK.finditer(text)
    ]
    yield from whole
    left, floor = _without(text, whole), 0
    for match in _SITE.finditer(left):
        start = _walked_back(left, match.start(), ".-", max(floor, match.start() - _SITE_LENGTH))
        floor = match.end()
        yield Excerpt(start, left[start:floor].rstrip(".,;:!?)…’'"), Finding.LINK)


# A street is a street; "3 places" or "2 cours" are not, unless a proper name follows.
_STREETS = r"rue|avenue|av\.|boulevard|bld?\.?|bd\.?|impasse|all[ée]es?|chemin|ruelle|faubourg|lotissement"
_PLACES = r"place|cours|route|quai|square|passage|r[ée]sidence|sentier|villa|hameau|lieu[ ]dit|lieu-dit"
_ADDRESS = re.compile(
    rf"""(?<![0-9])[0-9]{{1,4}}(?:[ ]?(?i:bis|ter|quater|[a-d]))?,?[ ]{{1,2}}
    (?:(?i:{_STREETS})(?:[ ]{{1,2}}[\w’'-]{{1,40}}){{1,4}}
    |(?i:{_PLACES})(?:[ ]{{1,2}}(?i:de|du|des|la|le|les|et|à|au|aux|[ld][’'])(?=[ ]|(?<=[’']))){{0,3}}
    [ ]{{0,2}}[A-ZÀÂÉÈÊÎÔÛÇ][\w’'-]{{1,40}})""",
    re.VERBOSE,
)


def _addresses(text: str) -> Iterator[Excerpt]:
    for match in _ADDRESS.finditer(text):
        yield Excerpt(match.start(), match[0], Finding.ADDRESS)


_NIR = re.compile(
    rf"(?<![0-9])[1-478]{_BLANK}[0-9]{{2}}{_BLANK}[0-9]{{2}}{_BLANK}(?:[0-9]{{2}}|2[AB]){_BLANK}"
    rf"[0-9]{{3}}{_BLANK}[0-9]{{3}}{_BLANK}[0-9]{{2}}(?![0-9])",
    re.IGNORECASE,
)


def _nirs(text: str) -> Iterator[Excerpt]:
    for match in _NIR.finditer(text):
        number = re.sub(r"[^0-9AB]", "", match[0].upper())
        # Corsica: 2A counts as 19, 2B as 18 (INSEE).
        body = number[:13].replace("2A", "19").replace("2B", "18")
        if int(number[13:]) == 97 - int(body) % 97:
            yield Excerpt(match.start(), match[0], Finding.NIR)


#: Lengths of the registry of ISO 13616, for the countries one meets here.
_IBAN_LENGTHS = {
    "FR": 27, "MC": 27, "BE": 16, "CH": 21, "LU": 20, "DE": 22, "ES": 24, "IT": 27, "PT": 25,
    "GB": 22, "IE": 22, "NL": 18, "AT": 20, "PL": 28, "MA": 28, "DZ": 26, "TN": 24,
}  # fmt: skip
_IBAN_START = re.compile(rf"(?<![A-Z0-9])(?:{'|'.join(_IBAN_LENGTHS)})[ ]?[0-9]{{2}}", re.IGNORECASE)
_IBAN_REST = re.compile(r"(?:[ \u00a0\u202f-]?[A-Z0-9]){12,32}", re.IGNORECASE)


def _ibans(text: str) -> Iterator[Excerpt]:
    for head in _IBAN_START.finditer(text):
        rest = _IBAN_REST.match(text, head.end())
        end = _nth_sign(text, head.start(), _IBAN_LENGTHS[head[0][:2].upper()]) if rest else None
        if end and not text[end : end + 1].isalnum() and _is_iban(text[head.start() : end]):
            yield Excerpt(head.start(), text[head.start() : end], Finding.IBAN)


def _nth_sign(text: str, start: int, count: int) -> int | None:
    """The place after the `count`-th letter or digit from `start`."""
    for place in range(start, min(len(text), start + 2 * count)):
        count -= text[place].isalnum()
        if count == 0:
            return place + 1
    return None


def _is_iban(text: str) -> bool:
    compact = re.sub(r"[^A-Z0-9]", "", text.upper())
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1


#: Said by someone of herself, in the plain form of `core.text.plain`. Conservative: this is a place where
#: people work on suicide prevention, fatigue and violence, and may name them.
DISTRESS = (
    "envie de mourir",
    "je veux mourir",
    "je voudrais mourir",
    "j aimerais mourir",
    "envie d en finir",
    "je veux en finir",
    "je vais en finir",
    "en finir avec la vie",
    "en finir avec ma vie",
    "mettre fin a mes jours",
    "mettre fin a ma vie",
    "me suicider",
    "je suis suicidaire",
    "j ai des idees suicidaires",
    "j ai des pensees suicidaires",
    "j ai des idees noires",
    "envie de me tuer",
    "je veux me tuer",
    "je vais me tuer",
    "me donner la mort",
    "plus envie de vivre",
    "plus la force de vivre",
    "je ne veux plus vivre",
    "je veux plus vivre",
    "me faire du mal",
    "me pendre",
    "me tailler les veines",
    "me jeter sous un train",
    "avaler tous mes medicaments",
    "il me frappe",
    "elle me frappe",
    "il me bat",
    "elle me bat",
    "mon mari me frappe",
    "mon conjoint me frappe",
    "mon pere me frappe",
    "ma mere me frappe",
    "il me viole",
    "il me menace de mort",
    "elle me menace de mort",
)
_DISTRESS = re.compile(rf"\b(?:{'|'.join(DISTRESS)})\b")
_WORD = re.compile(r"[^\W_]+")


def _distress(text: str) -> Iterator[Excerpt]:
    if not _DISTRESS.search(plain(text)):
        return
    words = [(match.start(), match.end(), plain(match[0])) for match in _WORD.finditer(text)]
    words = [word for word in words if word[2]]
    starts, length = [], 0
    for _start, _end, word in words:
        starts.append(length)
        length += len(word) + 1
    for match in _DISTRESS.finditer(" ".join(word for _start, _end, word in words)):
        first = bisect_right(starts, match.start()) - 1
        last = bisect_right(starts, match.end() - 1) - 1
        start, end = words[first][0], words[last][1]
        yield Excerpt(start, text[start:end], Finding.DISTRESS)
