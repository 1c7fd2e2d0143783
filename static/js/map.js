// A map of results. Without this file a sentence leads to the list, which says the same.
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const SETTLE = 150;
const SLOW = 400;

class ResultsMap {
  constructor(root) {
    this.root = root;
    this.words = mapWords(root);
    this.query = root.dataset.query;
    this.count = root.querySelector("[data-map-count]");
    this.trouble = root.querySelector("[data-map-trouble]");
    this.retry = root.querySelector("[data-map-retry]");
    this.all = root.querySelector("[data-map-all]");
    // Called after the reader has moved the map, with its frame as an address writes it; with "" once the map
    // has gone to all the results.
    this.onMove = () => {};
    root.querySelector("[data-map-fallback]").hidden = true;
    root.querySelector("[data-map-stage]").hidden = false;
    root.querySelector("[data-map-foot]").hidden = false;
    this.map = this.makeMap(root.querySelector("[data-map-canvas]"));
    this.marks = new MapMarks(this.map, root, this.words);
    this.go(root.dataset.frame);
    this.ground = new MapGround(this.map, root, () => this.say(this.words.ground), () => this.dodge());
    this.map.on("moveend", () => this.moved());
    // The map makes room for a popup by itself: the reader has not moved it.
    this.map.on("autopanstart", () => {
      this.quiet = true;
      this.map.once("moveend", () => {
        this.quiet = false;
      });
    });
    this.retry.addEventListener("click", () => this.load());
    this.all.addEventListener("click", () => this.showAll());
    this.listenToPlaces();
    this.load();
  }

  makeMap(canvas) {
    const full = "full" in this.root.dataset;
    const tiles = Boolean(this.root.dataset.tiles);
    const map = L.map(canvas, {
      attributionControl: false,
      zoomControl: false,
      minZoom: 2,
      maxZoom: 17,
      zoomSnap: tiles ? 1 : 0.5,
      maxBounds: [[-85, -200], [85, 200]],
      // A map inside a page must not catch the wheel or the finger that scrolls the page.
      scrollWheelZoom: full,
      dragging: full || !L.Browser.mobile,
      zoomAnimation: !CALM.matches,
      fadeAnimation: !CALM.matches,
      markerZoomAnimation: !CALM.matches,
      inertia: !CALM.matches,
    });
    L.control
      .zoom({ position: "topright", zoomInTitle: this.words.zoomIn, zoomOutTitle: this.words.zoomOut })
      .addTo(map);
    // Hidden at first on a phone, or resized: Leaflet does not know by itself.
    new ResizeObserver(() => this.resized()).observe(canvas);
    return map;
  }

  resized() {
    const size = this.map.getContainer().clientWidth;
    if (!size) {
      return;
    }
    const wasHidden = !this.map.getSize().x;
    this.quiet = true;
    this.map.invalidateSize({ animate: false, pan: !wasHidden });
    if (wasHidden) {
      this.go(this.frame);
      this.load();
    }
    this.quiet = false;
  }

  // Show a frame written west,south,east,north. The reader has not moved: nothing is offered to search again.
  go(frame) {
    this.frame = frame;
    const [west, south, east, north] = frame.split(",").map(Number);
    this.quiet = true;
    this.map.fitBounds([[south, west], [north, east]], { animate: false, maxZoom: 14 });
    this.quiet = false;
  }

  showAll() {
    this.quiet = true;
    this.marks.frame(this.everywhere.bbox, false);
    this.quiet = false;
    this.onMove("");
  }

  listenToPlaces() {
    const places = this.root.querySelector("[data-map-places]");
    places.addEventListener("click", (event) => {
      const button = event.target.closest("[data-map-go]");
      if (button) {
        this.go(button.dataset.mapGo);
        places.querySelector("details[open]")?.removeAttribute("open");
        this.moved();
      }
    });
    places.addEventListener("keydown", (event) => {
      const open = places.querySelector("details[open]");
      if (event.key === "Escape" && open) {
        open.removeAttribute("open");
        open.querySelector("summary").focus();
      }
    });
  }

  moved() {
    if (!this.map.getSize().x) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), SETTLE);
    if (!this.quiet) {
      this.onMove(this.box());
    }
  }

  // The present view, within the Earth, with a metre's precision.
  box() {
    const view = this.map.getBounds();
    const sides = [
      Math.max(view.getWest(), -180),
      Math.max(view.getSouth(), -85),
      Math.min(view.getEast(), 180),
      Math.min(view.getNorth(), 85),
    ];
    return sides.map((side) => side.toFixed(5)).join(",");
  }

  // The results of other filters, about this territory if any; with a frame, the map goes there first.
  ask(query, outline, frame = "") {
    this.query = query;
    this.ground.mark(outline);
    if (frame) {
      this.go(frame);
    }
    this.load();
  }

  async load() {
    if (!this.map.getSize().x) {
      return;
    }
    clearTimeout(this.timer);
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    const url = new URL(this.root.dataset.url, location.href);
    const query = new URLSearchParams(this.query);
    ["page", "tri"].forEach((name) => query.delete(name));
    query.set("bbox", this.box());
    query.set("zoom", Math.floor(this.map.getZoom()));
    url.search = query;
    const slow = setTimeout(() => this.wait(), SLOW);
    try {
      const response = await fetch(url, {
        headers: { Accept: "application/json" },
        // Framed by another site, the map shows what everyone may see.
        credentials: "embedded" in this.root.dataset ? "omit" : "same-origin",
        signal: request.signal,
      });
      if (!response.ok) {
        throw new Error(response.status === 400 ? "refused" : "failed");
      }
      this.show(await response.json());
    } catch (error) {
      if (error.name !== "AbortError") {
        this.fail(error.message === "refused" ? "refused" : "failed");
      }
    } finally {
      clearTimeout(slow);
      if (this.request === request) {
        this.root.removeAttribute("aria-busy");
      }
    }
  }

  wait() {
    this.root.setAttribute("aria-busy", "true");
    this.count.textContent = this.words.loading;
  }

  show({ features, total, everywhere }) {
    this.say("");
    this.everywhere = everywhere;
    // Once a frame is searched, the list holds no more than the frame either.
    const partial = total < everywhere.count && !new URLSearchParams(this.query).has("bbox");
    this.withdraw(this.retry);
    if (partial) {
      this.all.hidden = false;
    } else {
      this.withdraw(this.all);
    }
    this.marks.draw(features, this.query);
    this.dodge();
    const words = partial ? this.partly(total, everywhere.count) : this.wholly(total);
    if (this.count.textContent !== words) {
      this.count.textContent = words;
    }
  }

  wholly(total) {
    return total === 0 ? this.words.none : total === 1 ? this.words.one : this.words.say("many", total);
  }

  // How many results there are, as the list says, and how many of them are in view.
  partly(seen, count) {
    if (count === 1) {
      return this.words.oneOutside;
    }
    const words = seen === 0 ? this.words.say("outside", count) : this.words.say("partly", count);
    return words.replace("{seen}", this.words.number(seen));
  }

  // A button that goes leaves its focus to the map, rather than to nobody.
  withdraw(button) {
    if (document.activeElement === button) {
      this.map.getContainer().focus({ preventScroll: true });
    }
    button.hidden = true;
  }

  fail(reason) {
    this.count.textContent = "";
    this.withdraw(this.all);
    this.say(this.words[reason]);
    this.retry.hidden = reason === "refused";
    if (reason === "refused") {
      this.marks.draw([], this.query);
    }
  }

  dodge() {
    this.ground?.dodge(this.marks.frames());
  }

  say(words) {
    this.trouble.textContent = words;
  }
}

// The words of the map, in the language of the page; {n} and {place} are filled in.
function mapWords(root) {
  const words = {};
  for (const [key, text] of Object.entries(root.dataset)) {
    if (key.startsWith("word")) {
      words[key[4].toLowerCase() + key.slice(5)] = text;
    }
  }
  const format = new Intl.NumberFormat(document.documentElement.lang || "fr");
  words.number = (count) => format.format(count);
  words.say = (key, count, place = "") =>
    words[key].replace("{n}", words.number(count)).replace("{place}", place);
  return words;
}

for (const root of document.querySelectorAll("[data-map]")) {
  root.resultsMap = new ResultsMap(root);
}
