// The results on the map: one shape for each thing, one circle with a number for many, a popup for details.
// Everything is built as DOM nodes: no text of a result is ever read as HTML.
const MARK = 34;
const LEAST = 25;
const GAP = 3;
const ROUNDS = 24;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const CLUSTER_SIZES = [[10, 36], [100, 42], [1000, 52], [Infinity, 64]];
// Beyond, the server keeps a commune in one piece however near one looks.
const OPENED_AT = 13;
const OPENED_UP_TO = 60;
// What a frame keeps clear of, in pixels: the count above, the zoom on the right, the button below.
const CLEAR = { paddingTopLeft: [28, 80], paddingBottomRight: [76, 96] };

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
      minWidth: 190,
      autoPanPaddingTopLeft: [12, 56],
      autoPanPaddingBottomRight: [64, 16],
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
    const things = features.map(({ properties, geometry }) => thingOf(properties, geometry.coordinates));
    spread(things, (at) => this.map.latLngToLayerPoint(at));
    const wanted = new Map([...things, ...communeLabels(things)].map((thing) => [thing.key, thing]));
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
      const marker = this.shown.get(key);
      seat(marker, thing);
      if (thing.url) {
        this.byUrl.set(thing.url, marker);
      }
    }
    this.uncover();
    this.refocus(hadFocus);
  }

  // By keyboard, the focus goes into the cluster that was opened. Else, when the thing that had it is gone, the
  // map takes it, rather than nobody.
  refocus(hadFocus) {
    const lost = hadFocus && document.activeElement === document.body;
    const entered = this.entered && (lost || document.activeElement === this.entered);
    this.entered = null;
    if (entered || lost) {
      const first = entered && this.firstInView();
      (first || this.map.getContainer()).focus({ preventScroll: true });
    }
  }

  firstInView() {
    const view = this.map.getBounds();
    const first = [...this.shown.values()].find(
      (marker) =>
        marker.options.interactive &&
        view.contains(marker.getLatLng()) &&
        !marker.getElement().classList.contains("is-covered"),
    );
    return first?.getElement();
  }

  // Show what lies in a frame, from no nearer than where things are told apart, clear of what stands on the map.
  frame([west, south, east, north], animate) {
    this.map.fitBounds([[south, west], [north, east]], { ...CLEAR, animate, maxZoom: OPENED_AT });
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
        this.entered = thing.count ? node : null;
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
    return [thing.name, this.words[thing.mark], thing.place].filter(Boolean).join(", ");
  }

  clusterName({ count, name }) {
    return name ? this.words.say("commune", count, name) : this.words.say("cluster", count);
  }

  itemIcon({ mark }) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("viewBox", "0 0 40 40");
    drawing.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${this.sprite}#kind-${mark}`);
    drawing.append(use);
    return L.divIcon({
      html: drawing,
      className: `map-mark map-mark-${mark}`,
      iconSize: [MARK, MARK],
    });
  }

  clusterIcon({ count, size }) {
    const number = document.createElement("span");
    number.textContent = this.words.number(count);
    return L.divIcon({ html: number, className: "map-cluster", iconSize: [size, size] });
  }

  open(marker, thing) {
    if (!thing.count) {
      this.show(marker, this.itemCard(thing));
    } else if (!thing.territoire) {
      this.frame(thing.bbox, !this.calm);
    } else if (thing.count <= OPENED_UP_TO && this.map.getZoom() < OPENED_AT) {
      this.map.setView(marker.getLatLng(), OPENED_AT, { animate: !this.calm });
    } else {
      this.show(marker, this.communeCard(thing));
    }
  }

  show(marker, card) {
    this.popup.options.offset = marker.popupOffset;
    this.popup.options.maxWidth = Math.min(300, this.map.getSize().x - 110);
    this.popup.setLatLng(marker.getLatLng()).setContent(card).openOn(this.map);
    this.opener = marker;
    this.entered = null;
    marker.getElement().setAttribute("aria-expanded", "true");
    card.querySelector("a").focus({ preventScroll: true });
    this.uncover();
  }

  // Where each thing is on the screen.
  frames() {
    return [...this.shown.values()]
      .filter((marker) => marker.options.interactive)
      .map((marker) => marker.getElement().getBoundingClientRect());
  }

  // Half a mark under a popup or a button is no target for a finger: it hides until there is room again.
  uncover() {
    const frame = this.map.getContainer().parentElement;
    const covers = [...frame.querySelectorAll(".map-count, .map-all, .leaflet-control, .map-here, .leaflet-popup")]
      .filter((cover) => cover.textContent)
      .map((cover) => cover.getBoundingClientRect());
    const marks = [...this.shown.values()].map((marker) => marker.getElement());
    const boxes = marks.map((node) => node.getBoundingClientRect());
    marks.forEach((node, rank) => {
      const kept = node === document.activeElement || node === this.opener?.getElement();
      node.classList.toggle("is-covered", !kept && covers.some((cover) => hides(cover, boxes[rank])));
    });
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
    // Leaflet takes the popup out of the page just after it has said so.
    setTimeout(() => this.uncover());
  }

  itemCard(thing) {
    const kind = element("p", "map-card-kind", this.words[thing.mark]);
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
    way.append(this.link(`${this.list}?${query}#results`, this.words.say("openList", thing.count, thing.name)));
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

function thingOf(properties, [lon, lat]) {
  const { bbox, count, territoire, url } = properties;
  const [, size] = count ? CLUSTER_SIZES.find(([below]) => count < below) : [0, MARK];
  const key = count ? `${lon},${lat}:${count}:${territoire ?? bbox}` : `${url}:${lon},${lat}`;
  return { ...properties, at: [lat, lon], size, key };
}

// Nothing hides anything: what shares a point starts as the seeds of a sunflower, then what still overlaps
// is pushed apart. `dx` and `dy` are how far, in pixels, each thing ends from its true place.
function spread(things, pixels) {
  const ranks = new Map();
  const spots = things.map((thing) => {
    const { x, y } = pixels(thing.at);
    const rank = ranks.get(`${thing.at}`) ?? 0;
    ranks.set(`${thing.at}`, rank + 1);
    const radius = rank ? 19 * Math.sqrt(rank) : 0;
    return {
      x: x + radius * Math.cos(rank * GOLDEN_ANGLE),
      y: y + radius * Math.sin(rank * GOLDEN_ANGLE),
      from: { x, y },
      half: thing.size / 2 + GAP,
    };
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = false;
    for (let i = 1; i < spots.length; i += 1) {
      for (let j = 0; j < i; j += 1) {
        moved = push(spots[i], spots[j]) || moved;
      }
    }
    if (!moved) {
      break;
    }
  }
  spots.forEach(({ x, y, from }, rank) => {
    things[rank].dx = Math.round(x - from.x);
    things[rank].dy = Math.round(y - from.y);
  });
}

function push(one, other) {
  const x = one.x - other.x;
  const y = one.y - other.y;
  const room = one.half + other.half;
  if (Math.abs(x) >= room || Math.abs(y) >= room) {
    return false;
  }
  const distance = Math.hypot(x, y);
  if (distance >= room - 0.5) {
    return false;
  }
  // Exactly on one another: any direction will do, as long as it is always the same.
  const [ux, uy] = distance ? [x / distance, y / distance] : [1, 0];
  const share = (room - distance) / 2;
  one.x += ux * share;
  one.y += uy * share;
  other.x -= ux * share;
  other.y -= uy * share;
  return true;
}

function seat(marker, { dx, dy, size, label }) {
  if (label) {
    return;
  }
  const node = marker.getElement();
  node.style.marginLeft = `${dx - size / 2}px`;
  node.style.marginTop = `${dy - size / 2}px`;
  marker.popupOffset = [dx, dy - size / 2];
}

// Whether what is left of a mark beside what covers it is narrower than a finger needs.
function hides(cover, box) {
  const wide = Math.min(cover.right, box.right) - Math.max(cover.left, box.left);
  const tall = Math.min(cover.bottom, box.bottom) - Math.max(cover.top, box.top);
  return wide > box.width - LEAST && tall > box.height - LEAST;
}

// From near, the name of each commune, once, under the largest of its groups.
function communeLabels(things) {
  const groups = new Map();
  for (const thing of things.filter((one) => one.territoire || !one.count)) {
    const name = thing.count ? thing.name.replace(/ \([^)]*\)$/, "") : thing.place;
    const key = `${name}:${thing.at}`;
    const group = groups.get(key) ?? { label: name, at: thing.at, weight: 0, below: 0, key };
    group.weight += thing.count ?? 1;
    group.below = Math.max(group.below, thing.dy + thing.size / 2 + 6);
    groups.set(key, group);
  }
  const largest = new Map();
  for (const group of groups.values()) {
    if (group.weight > (largest.get(group.label)?.weight ?? 1)) {
      largest.set(group.label, group);
    }
  }
  return [...largest.values()].map((group) => ({ ...group, key: `${group.key}:${group.below}` }));
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
