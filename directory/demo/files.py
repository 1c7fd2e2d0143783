"""Reading the demonstration's data files."""

import tomllib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
TERMS = HERE.parent / "data" / "terms.toml"


@cache
def table(name: str) -> dict:
    """The content of a data file of this package, read once. Not to be modified by callers."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def terms() -> dict[str, list[dict]]:
    """Every vocabulary of the directory, in order."""
    return tomllib.loads(TERMS.read_text(encoding="utf-8"))
