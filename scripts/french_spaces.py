"""Put no-break spaces where French wants them: before : ; ? ! » and after «, in what the screen says.

Looks at the texts given to gettext, in code and in templates, and at the catalogue of their translations.
`make fix` runs it; `tests/rules/test_typography.py` says that there is nothing left for it to do.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
NO_BREAK_SPACE = "\u00a0"
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
#: A tag, or a text in quotes inside one: `{% translate "…" %}`, `_("…")`.
TRANSLATE = re.compile(r"""(\{%\s*(?:translate|trans)\s+|\b_\()("(?:[^"]*)"|'(?:[^']*)')""")
BLOCK = re.compile(
    r"(\{%\s*blocktrans(?:late)?\b[^%]*%\})(.*?)(\{%\s*endblocktrans(?:late)?\s*%\})", re.DOTALL
)
BEFORE = re.compile(r"(?<![\s(]) (?=[:;?!»](?:[\s<\"'’).,…\\]|$|\{\{|\{%|[»«]))")
AFTER = re.compile(r"(?<=«) ")


def mended(text: str) -> str:
    """A French text with its no-break spaces."""
    return AFTER.sub(NO_BREAK_SPACE, BEFORE.sub(NO_BREAK_SPACE, text))


def mended_template(source: str) -> str:
    """A template, its translated texts mended; nothing else of it is touched."""
    source = TRANSLATE.sub(
        lambda found: found[1] + found[2][0] + mended(found[2][1:-1]) + found[2][0], source
    )
    return BLOCK.sub(lambda found: found[1] + mended(found[2]) + found[3], source)


def mended_code(source: str) -> str:
    """A Python module, the texts it gives to gettext mended."""
    lines = source.splitlines(keepends=True)
    for node in _texts(ast.parse(source)):
        for number in range(node.lineno - 1, node.end_lineno):
            first = node.col_offset if number == node.lineno - 1 else 0
            last = node.end_col_offset if number == node.end_lineno - 1 else len(lines[number].encode())
            raw = lines[number].encode()
            # Offsets count bytes.
            inside = mended(raw[first:last].decode())
            lines[number] = (raw[:first] + inside.encode() + raw[last:]).decode()
    return "".join(lines)


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id in GETTEXT:
            yield from (a for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def sources() -> Iterator[tuple[Path, Callable[[str], str]]]:
    """What may hold texts for the screen, each with what mends it."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "templates/*"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if name.startswith("templates/") and name.endswith((".html", ".txt")):
            yield ROOT / name, mended_template
        elif (
            name.endswith(".py")
            and not name.startswith(("tests/", "scripts/"))
            and "/migrations/" not in name
        ):
            yield ROOT / name, mended_code


def mend_catalogue() -> None:
    """The same in the sources of the translations, so that they are still found."""
    import polib

    catalogue, known = polib.pofile(str(CATALOGUE), wrapwidth=79), set()
    for entry in list(catalogue):
        entry.msgid, entry.msgid_plural = mended(entry.msgid), mended(entry.msgid_plural)
        if (entry.msgctxt, entry.msgid) in known:
            catalogue.remove(entry)
        known.add((entry.msgctxt, entry.msgid))
    catalogue.save()
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


def main() -> int:
    for path, mend in sources():
        before = path.read_text(encoding="utf-8")
        if (after := mend(before)) != before:
            path.write_text(after, encoding="utf-8")
            print(f"mended {path.relative_to(ROOT)}")
    mend_catalogue()
    return 0


if __name__ == "__main__":
    sys.exit(main())
