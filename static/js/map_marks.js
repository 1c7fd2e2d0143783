// The results on the map: one shape for each thing, one circle with a number for many, a popup for details.
// Everything is built as DOM nodes: no text of a result is ever read as HTML.
const MARK = 34;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const CLUSTER_SIZES = [[10, 40], [100, 48], [1000, 58], [Infinity, 70]];
// Beyond, the server keeps a commune in one piece however near one looks.
const OPENED_AT = 13;
const OPENED_UP_TO = 60;

class MapMarks {
  constructor(map, root, words) {
    this.map = map;
    this.words = words;
    this.sprite = root.dataset.sprite;
    this.list = root.dataset.list;
    this.newTab = "embedded" in root.dataset;
    this.calm = !map.options.zoomAnimation;
    this.shown = new Map();
    this.byUrl = new Map();
    this.popup = L.popup({
      closeButton: false,
      closeOnEscapeKey: false,
      className: "map-popup",
      minWidth: 220,
      maxWidth: 300,
      autoPanPadding: [16, 56],
    });
    // Called with the address of a thing while it is pointed at or focused, and with "" after.
    this.onPoint = () => {};
    map.on("popupclose", () => this.closed());
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.opener) {
        event.stopPropagation();
        this.close();
      }
    });
  }

  // Draw exactly these features; what was already there stays as it is, with its focus and its popup.
  draw(features, query) {
    this.query = query;
    const wanted = new Map(placed(features).map((thing) => [thing.key, thing]));
    const hadFocus = this.map.getContainer().contains(document.activeElement);
    for (const [key, marker] of this.shown) {
      if (!wanted.has(key)) {
        if (marker === this.opener) {
          this.map.closePopup(this.popup);
        }
        marker.remove();
        this.shown.delete(key);
      }
    }
    this.byUrl.clear();
    for (const [key, thing] of wanted) {
      if (!this.shown.has(key)) {
        this.shown.set(key, this.add(thing));
      }
      if (thing.url) {
        this.byUrl.set(thing.url, this.shown.get(key));
      }
    }
    // The thing that had the focus is gone: the map takes it, rather than nobody.
    if (hadFocus && document.activeElement === document.body) {
      this.map.getContainer().focus({ preventScroll: true });
    }
  }

  add(thing) {
    const marker = L.marker(thing.at, {
      icon: thing.count ? this.clusterIcon(thing) : thing.label ? labelIcon(thing) : this.itemIcon(thing),
      riseOnHover: true,
      keyboard: !thing.label,
      interactive: !thing.label,
      zIndexOffset: thing.count ? 500 : thing.label ? -500 : 0,
    }).addTo(this.map);
    if (thing.label) {
      marker.getElement().setAttribute("aria-hidden", "true");
      return marker;
    }
    const node = marker.getElement();
    const name = thing.count ? this.clusterName(thing) : this.itemName(thing);
    node.setAttribute("aria-label", name);
    node.title = name;
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.open(marker, thing);
      }
    });
    marker.on("click", () => this.open(marker, thing));
    if (thing.url) {
      for (const [on, off] of [["mouseenter", "mouseleave"], ["focus", "blur"]]) {
        node.addEventListener(on, () => this.onPoint(thing.url));
        node.addEventListener(off, () => this.onPoint(""));
      }
    }
    return marker;
  }

  // Show which mark a row of the list is about.
  point(url) {
    for (const [other, marker] of this.byUrl) {
      marker.getElement()?.classList.toggle("is-current", other === url);
      marker.setZIndexOffset(other === url ? 1000 : 0);
    }
  }

  itemName(thing) {
    return [thing.name, this.words[thing.mark] ?? this.words.other, thing.place].filter(Boolean).join(", ");
  }

  clusterName({ count, name }) {
    return name ? this.words.say("commune", count, name) : this.words.say("cluster", count);
  }

  itemIcon({ mark, dx, dy }) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("viewBox", "0 0 40 40");
    drawing.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    const known = ["user", "professional", "both", "structure"].includes(mark);
    use.setAttribute("href", `${this.sprite}#${known ? `kind-${mark}` : "shape-circle"}`);
    drawing.append(use);
    return L.divIcon({
      html: drawing,
      className: `map-mark map-mark-${known ? mark : "other"}`,
      iconSize: [MARK, MARK],
      iconAnchor: [MARK / 2 - dx, MARK / 2 - dy],
      popupAnchor: [dx, dy - MARK / 2],
    });
  }

  clusterIcon({ count }) {
    const [, size] = CLUSTER_SIZES.find(([below]) => count < below);
    const number = document.createElement("span");
    number.textContent = this.words.number(count);
    return L.divIcon({ html: number, className: "map-cluster", iconSize: [size, size], popupAnchor: [0, -size / 2] });
  }

  open(marker, thing) {
    if (!thing.count) {
      this.show(marker, this.itemCard(thing));
    } else if (!thing.territoire) {
      const [west, south, east, north] = thing.bbox;
      this.map.fitBounds([[south, west], [north, east]], { animate: !this.calm });
    } else if (thing.count <= OPENED_UP_TO && this.map.getZoom() < OPENED_AT) {
      this.map.setView(marker.getLatLng(), OPENED_AT, { animate: !this.calm });
    } else {
      this.show(marker, this.communeCard(thing));
    }
  }

  show(marker, card) {
    this.popup.options.offset = marker.options.icon.options.popupAnchor;
    this.popup.setLatLng(marker.getLatLng()).setContent(card).openOn(this.map);
    this.opener = marker;
    marker.getElement().setAttribute("aria-expanded", "true");
    card.querySelector("a").focus({ preventScroll: true });
  }

  // By the reader's will: the focus goes back to where the popup came from.
  close() {
    const opener = this.opener;
    this.map.closePopup(this.popup);
    opener.getElement()?.focus({ preventScroll: true });
  }

  closed() {
    this.opener?.getElement()?.removeAttribute("aria-expanded");
    this.opener = null;
  }

  itemCard(thing) {
    const kind = element("p", "map-card-kind", this.words[thing.mark] ?? this.words.other);
    const title = element("p", "map-card-title");
    title.append(this.link(thing.url, thing.name));
    const lines = [kind, title];
    if (thing.headline) {
      lines.push(element("p", "map-card-text", thing.headline));
    }
    lines.push(element("p", "map-card-place", thing.place));
    return this.card(thing.name, lines);
  }

  communeCard(thing) {
    const title = element("p", "map-card-title", this.clusterName(thing));
    const query = new URLSearchParams(this.query);
    ["page", "bbox", "zoom", "lieu", "autour", "km"].forEach((name) => query.delete(name));
    query.set("territoire", thing.territoire);
    const way = element("p", "map-card-text");
    way.append(this.link(`${this.list}?${query}#results`, this.words.say("openList", thing.count)));
    return this.card(thing.name, [title, way]);
  }

  card(name, lines) {
    const card = element("div", "map-card");
    card.setAttribute("role", "group");
    card.setAttribute("aria-label", name);
    const close = element("button", "icon-button map-card-close");
    close.type = "button";
    close.setAttribute("aria-label", this.words.close);
    close.append(cross());
    close.addEventListener("click", () => this.close());
    card.append(...lines, close);
    return card;
  }

  link(url, words) {
    const link = element("a", "", words);
    link.href = url;
    if (this.newTab) {
      link.target = "_blank";
      link.rel = "noopener";
    }
    return link;
  }
}

// Things of one commune share its centre: they are laid out around it as the seeds of a sunflower, in pixels.
function placed(features) {
  const seats = new Map();
  const things = features.map(({ properties, geometry }) => {
    const [lon, lat] = geometry.coordinates;
    const seat = `${lon},${lat}`;
    if (properties.count) {
      return { ...properties, at: [lat, lon], key: `${seat}:${properties.count}:${properties.territoire ?? ""}` };
    }
    const thing = { ...properties, at: [lat, lon] };
    seats.set(seat, [...(seats.get(seat) ?? []), thing]);
    return thing;
  });
  for (const [seat, sharing] of seats) {
    sharing.forEach((thing, rank) => {
      const radius = sharing.length > 1 ? 19 * Math.sqrt(rank + 0.6) : 0;
      thing.dx = Math.round(radius * Math.cos(rank * GOLDEN_ANGLE));
      thing.dy = Math.round(radius * Math.sin(rank * GOLDEN_ANGLE));
      thing.key = `${thing.url}:${seat}:${thing.dx}:${thing.dy}`;
    });
  }
  return [...things, ...communeLabels(things, seats)];
}

// From near, the name of each commune under its results.
function communeLabels(things, seats) {
  const crowds = things.filter((thing) => thing.territoire);
  return [
    ...crowds.map((thing) => ({ label: thing.name.replace(/ \([^)]*\)$/, ""), at: thing.at, below: 34 })),
    ...[...seats.values()]
      .filter((sharing) => sharing.length > 1)
      .map((sharing) => ({
        label: sharing[0].place,
        at: sharing[0].at,
        below: Math.max(...sharing.map((thing) => thing.dy)) + 20,
      })),
  ].map((label) => ({ ...label, key: `${label.label}:${label.at}:${label.below}` }));
}

function labelIcon({ label, below }) {
  return L.divIcon({
    html: element("span", "", label),
    className: "map-name map-name-com",
    iconSize: [0, 0],
    iconAnchor: [0, -below],
  });
}

function element(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

function cross() {
  const words = element("span", "map-cross", "×");
  words.setAttribute("aria-hidden", "true");
  return words;
}
