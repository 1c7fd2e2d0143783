// What lies under the results: borders and names of territories, drawn from our own contours; or the tiles
// of a server, where the site has one.
const DEPARTEMENTS_FROM = 7;
const EPCI_FROM = 9;
const DODGES = [0, 16, -16, 28, -28, 40, -40];

class MapGround {
  // `trouble` is called when the ground does not come, `onNames` when other names show.
  constructor(map, root, trouble, onNames) {
    this.map = map;
    this.address = root.dataset.contours;
    this.outline = root.dataset.outline;
    this.trouble = trouble;
    this.onNames = onNames;
    this.asked = new Set();
    this.drawn = new Map();
    this.names = new Map();
    if (root.dataset.tiles) {
      L.tileLayer(root.dataset.tiles, { maxZoom: 18 }).addTo(map);
      return;
    }
    // Wider borders are drawn over finer ones; names over them all, under the results.
    ["epci", "dep", "reg"].forEach((level, rank) => {
      map.createPane(`ground-${level}`).style.zIndex = 310 + 10 * rank;
    });
    map.createPane("ground-names").style.zIndex = 450;
    map.getPane("ground-names").setAttribute("aria-hidden", "true");
    map.on("moveend", () => this.follow());
    this.ask("reg", "").then(() => this.follow());
  }

  // Ask for the borders the view needs and does not have yet.
  follow() {
    const zoom = this.map.getZoom();
    const view = this.map.getBounds();
    if (zoom >= DEPARTEMENTS_FROM) {
      this.within(view, "reg").forEach((ref) => this.ask("dep", ref).then(() => this.follow()));
    }
    if (zoom >= EPCI_FROM) {
      this.within(view, "dep").forEach((ref) => this.ask("epci", ref));
    }
    this.paneFar("dep", zoom < DEPARTEMENTS_FROM);
    this.paneFar("epci", zoom < EPCI_FROM);
    this.showNames(zoom, view);
  }

  // Too far to tell fine borders apart: only the one the page is about stays.
  paneFar(level, far) {
    this.map.getPane(`ground-${level}`).classList.toggle("is-far", far);
  }

  within(view, level) {
    return [...this.drawn]
      .filter(([ref, layer]) => ref.startsWith(level) && layer.getBounds().intersects(view))
      .map(([ref]) => ref);
  }

  // Draw the border of this territory, and of no other, as the one the page is about.
  mark(ref) {
    this.outline = ref;
    for (const [other, layer] of this.drawn) {
      layer.eachLayer((border) => border.getElement().classList.toggle("is-outlined", other === ref));
      if (other === ref) {
        // Its neighbours must not draw their own border over it.
        layer.bringToFront();
      }
    }
  }

  // Once per address: a promise that is already under way, or done, never resolves again.
  ask(level, inside) {
    const url = this.address.replace("LEVEL", level) + (inside ? `?dans=${inside}` : "");
    if (this.asked.has(url)) {
      return new Promise(() => {});
    }
    this.asked.add(url);
    return fetch(url, { headers: { Accept: "application/geo+json" } })
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.status))))
      .then((collection) => this.draw(level, collection.features))
      .catch(() => {
        this.asked.delete(url);
        this.trouble();
        return new Promise(() => {});
      });
  }

  draw(level, features) {
    for (const feature of features.filter((one) => !this.drawn.has(one.id))) {
      const layer = L.geoJSON(feature, {
        pane: `ground-${level}`,
        interactive: false,
        style: { className: `map-border map-border-${level}`, smoothFactor: 0.6 },
      });
      this.drawn.set(feature.id, layer.addTo(this.map));
      this.names.set(feature.id, { level, marker: nameMarker(feature, level) });
    }
    this.mark(this.outline);
  }

  // Names make way for the marks, whose frames on the screen these are: above, below, or not at all.
  dodge(marks) {
    for (const { marker } of this.names.values()) {
      const words = marker.getElement()?.firstElementChild;
      if (!words) {
        continue;
      }
      words.style.marginTop = "";
      const box = words.getBoundingClientRect();
      const free = DODGES.find((by) => !marks.some((mark) => meets(mark, box, by)));
      words.style.visibility = free === undefined ? "hidden" : "";
      words.style.marginTop = `${free ?? 0}px`;
    }
  }

  // Régions from afar, départements nearer; from still nearer, the results name their communes.
  showNames(zoom, view) {
    const shown = zoom >= DEPARTEMENTS_FROM ? "dep" : "reg";
    for (const { level, marker } of this.names.values()) {
      const wanted = level === shown && zoom >= 5 && zoom < 11 && view.contains(marker.getLatLng());
      if (wanted !== this.map.hasLayer(marker)) {
        wanted ? marker.addTo(this.map) : marker.remove();
      }
    }
    this.onNames();
  }
}

function meets(mark, box, by) {
  const beside = mark.right < box.left || mark.left > box.right;
  return !beside && mark.bottom >= box.top + by && mark.top <= box.bottom + by;
}

function nameMarker(feature, level) {
  const words = document.createElement("span");
  words.textContent = feature.properties.name;
  const icon = L.divIcon({ html: words, className: `map-name map-name-${level}`, iconSize: [0, 0] });
  return L.marker(middle(feature.geometry.coordinates), {
    icon,
    pane: "ground-names",
    interactive: false,
    keyboard: false,
  });
}

// The centre of gravity of the largest part: islands do not pull a name into the sea.
function middle(polygons) {
  let best = { area: -1 };
  for (const [ring] of polygons) {
    let area = 0;
    let x = 0;
    let y = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
      area += cross;
      x += (ring[j][0] + ring[i][0]) * cross;
      y += (ring[j][1] + ring[i][1]) * cross;
    }
    if (Math.abs(area) > best.area) {
      best = { area: Math.abs(area), point: [y / (3 * area), x / (3 * area)] };
    }
  }
  return best.point;
}
