"""An app imports only from lower floors: the house stands on its foundations, never hangs from its roof."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
#: From the ground up. What is on one line may not import from another app of the same line.
FLOORS = [
    "core",
    "territories",
    "accounts",
    "notifications",
    "privacy",
    "moderation",
    "directory",
    "contact",
    "projects",
    "portal",
]


def imported_apps(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names & set(FLOORS)


@pytest.mark.parametrize("app", FLOORS)
def test_imports_go_downwards(app):
    allowed = set(FLOORS[: FLOORS.index(app) + 1])
    climbing = {
        str(path.relative_to(ROOT)): sorted(imported_apps(path) - allowed)
        for path in (ROOT / app).rglob("*.py")
        if imported_apps(path) - allowed
    }
    assert climbing == {}


def test_every_app_has_a_floor():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")} - {"partenariat"}
    assert apps == set(FLOORS)


def test_modules_stay_short():
    long = {
        str(path.relative_to(ROOT)): lines
        for app in [*FLOORS, "partenariat"]
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}
