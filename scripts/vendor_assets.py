"""Fetch the third-party assets the pages use, keep only the parts used, with their licences.

Run `python3 scripts/vendor_assets.py` (needs npm) after changing a version or the list of icons below.
The results are committed, so neither an installation nor a test ever fetches anything. htmx and Leaflet
are not here: django-htmx and django-leaflet carry them.
"""

import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
SPRITE = ROOT / "static" / "icons" / "sprite.svg"
AXE = ROOT / "tests" / "e2e" / "vendor"

BOOTSTRAP = "bootstrap@5.3.9"
ICONS = "bootstrap-icons@1.13.2"
FONT = "@fontsource-variable/atkinson-hyperlegible-next@5.3.0"
AXE_CORE = "axe-core@4.14.1"

ICON_NAMES = """
arrow-clockwise arrow-left arrow-right award bell box-arrow-right box-arrow-up-right building bullseye
calendar-event card-list chat-dots check check-circle check-lg chevron-down chevron-left chevron-right
circle-half clipboard2-pulse clock code-slash compass crosshair dash-circle download envelope
exclamation-octagon exclamation-triangle eye eye-slash file-text flag funnel geo-alt globe heart heart-pulse
hospital house info-circle key layers lightbulb link-45deg list lock map mortarboard person person-check
person-circle people pencil pin-map plus-lg printer question-circle search share shield-check signpost-split
sliders sort-down prescription2 star sun moon-stars tag telephone translate universal-access wifi x-lg
"""

# The plain shapes, coloured by the page.
SHAPES = {
    "shape-circle": '<circle cx="20" cy="20" r="20"/>',
    "shape-square": '<rect width="40" height="40" rx="7"/>',
    "shape-hexagon": '<path d="M20 0 37.5 10v20L20 40 2.5 30V10Z"/>',
    "shape-flag": '<path d="M3 2h34a2 2 0 0 1 1.7 3L33 16l5.7 11a2 2 0 0 1-1.7 3H8v10H1V4a2 2 0 0 1 2-2Z"/>',
}
HALVES = (
    '<path d="M34.14 5.86A20 20 0 1 0 5.86 34.14Z" fill="var(--kind-user)"/>'
    '<path d="M34.14 5.86A20 20 0 0 1 5.86 34.14Z" fill="var(--kind-professional)"/>'
)

# A kind is a shape, a colour (of the page's tokens) and an icon: kind, shape, icon, top of the icon.
KINDS = [
    ("user", "shape-circle", "person", 10),
    ("professional", "shape-circle", "heart-pulse", 10),
    ("both", None, "people", 10),
    ("other", "shape-circle", "person-check", 10),
    ("structure", "shape-square", "building", 10),
    ("project", "shape-hexagon", "lightbulb", 10),
    ("event", "shape-flag", "calendar-event", 6),
]


def fetch(package: str, into: Path) -> Path:
    """Unpack `package` (name@version) under `into` and return its folder."""
    target = into / re.sub(r"\W+", "-", package)
    target.mkdir()
    answer = subprocess.run(
        ["npm", "pack", package, "--json", "--pack-destination", str(target)],
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(target / Path(json.loads(answer.stdout)[0]["filename"]).name) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def keep(package: Path, folder: Path, *files: str) -> None:
    """Copy `files` and the licence of an unpacked `package` into `folder`, replacing what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    licence = next(path for path in package.iterdir() if path.name.upper().startswith("LICENSE"))
    shutil.copyfile(licence, folder / "LICENSE.txt")
    for name in files:
        shutil.copyfile(package / name, folder / Path(name).name)


def without_source_map(path: Path) -> None:
    """Drop the reference to a source map we do not ship: hashed static files refuse a dangling one."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\n?/[*/]# sourceMappingURL=\S+(\s*\*/)?", "", text), encoding="utf-8")


def drawing(icons: Path, name: str) -> str:
    """Return what is inside the SVG of the icon `name`."""
    source = icons / f"{name}.svg"
    if not source.exists():
        raise SystemExit(f"No icon named {name}")
    body = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r">\s+<", "><", body.strip())


def symbol(name: str, size: int, body: str) -> str:
    return f'<symbol id="{name}" viewBox="0 0 {size} {size}">{body}</symbol>'


def sprite(icons: Path) -> str:
    """Compose one SVG of symbols: shapes, kinds (with their icon, and bare for initials), icons."""
    symbols = [symbol(name, 40, body) for name, body in SHAPES.items()]
    for kind, shape, icon, top in KINDS:
        ground = f'<g fill="var(--kind-{kind})">{SHAPES[shape]}</g>' if shape else HALVES
        glyph = drawing(icons, icon)
        symbols.append(symbol(f"ground-{kind}", 40, ground))
        symbols.append(
            symbol(
                f"kind-{kind}",
                40,
                f'{ground}<g fill="var(--on-fill)" transform="translate(10 {top}) scale(1.25)">{glyph}</g>',
            )
        )
    symbols += [symbol(name, 16, drawing(icons, name)) for name in sorted(set(ICON_NAMES.split()))]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        workshop = Path(temporary)
        keep(fetch(BOOTSTRAP, workshop), VENDOR / "bootstrap", "dist/css/bootstrap-reboot.min.css")
        without_source_map(VENDOR / "bootstrap" / "bootstrap-reboot.min.css")
        keep(
            fetch(FONT, workshop),
            VENDOR / "atkinson-hyperlegible-next",
            "files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
            "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
        )
        keep(fetch(AXE_CORE, workshop), AXE, "axe.min.js")
        icons = fetch(ICONS, workshop)
        keep(icons, VENDOR / "bootstrap-icons")
        SPRITE.parent.mkdir(parents=True, exist_ok=True)
        SPRITE.write_text(sprite(icons / "icons"), encoding="utf-8")


if __name__ == "__main__":
    main()
