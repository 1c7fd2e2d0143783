// The page of the map: the list and the map answer each other, and share the address.
const PAGE = document.querySelector("[data-map-page]");
const HERE = PAGE.querySelector("[data-map-here]");
const TOGGLE = PAGE.querySelector("[data-map-toggle]");
const results = PAGE.querySelector("[data-map]").resultsMap;

// On a phone, the list or the map; on a wide screen the style sheet shows both whatever this says.
function showPane(pane) {
  PAGE.dataset.pane = pane;
  for (const button of TOGGLE.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === pane));
  }
}

TOGGLE.hidden = false;
TOGGLE.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (button) {
    showPane(button.dataset.show);
  }
});
showPane(location.hash === "#results" ? "list" : "map");
window.addEventListener("hashchange", () => {
  if (location.hash === "#results") {
    showPane("list");
  }
});

// "Search in this area": the frame takes the place of any other place.
results.onMove = (box) => {
  HERE.hidden = !box;
  if (!box) {
    return;
  }
  const query = new URLSearchParams(location.search);
  ["page", "lieu", "territoire", "autour", "km"].forEach((name) => query.delete(name));
  query.set("bbox", box);
  HERE.href = `${location.pathname}?${query}`;
};
HERE.addEventListener("htmx:configRequest", (event) => {
  event.detail.path = HERE.href;
});

// A frame searched stays in force when another filter changes, until another place is asked for.
document.addEventListener("htmx:configRequest", (event) => {
  const sent = event.detail.formData;
  const box = new URLSearchParams(location.search).get("bbox");
  if (box && event.target.matches("form[data-filters]") && sent && !sent.has("bbox")) {
    const placed = ["territoire", "autour", "lieu"].some((name) => sent.get(name));
    if (!placed) {
      sent.set("bbox", box);
    }
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "results") {
    return;
  }
  const list = document.getElementById("results");
  const filters = Number(list.dataset.mapFilters);
  const count = PAGE.querySelector("[data-map-filters-count]");
  count.hidden = !filters;
  count.querySelector("[data-count]").textContent = filters;
  const byFrame = event.detail.requestConfig?.elt === HERE;
  const moved = list.dataset.mapFrame && list.dataset.mapFrame !== results.frame && !byFrame;
  if (byFrame || moved) {
    HERE.hidden = true;
  }
  if (byFrame) {
    list.focus({ preventScroll: true });
  }
  results.ask(list.dataset.mapQuery.replace(/^\?/, ""), list.dataset.mapOutline, moved ? list.dataset.mapFrame : "");
});

// A row and its mark light up together, by the mouse and by the keyboard.
function addressOf(node) {
  const card = node.closest?.("#results article, #results li");
  return card?.querySelector("a[href]")?.getAttribute("href") ?? "";
}

for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  PAGE.addEventListener(on, (event) => results.marks.point(addressOf(event.target)));
  PAGE.addEventListener(off, () => results.marks.point(""));
}
results.marks.onPoint = (url) => {
  for (const link of document.querySelectorAll("#results article a[href], #results li a[href]")) {
    link.closest("article, li").classList.toggle("is-current", Boolean(url) && link.getAttribute("href") === url);
  }
};

// On a phone the form is one drawer: "show the results" folds it whole.
document.addEventListener("click", (event) => {
  if (event.target.closest(".map-filters [data-close-drawer]")) {
    PAGE.querySelector(".map-filters").open = false;
  }
});
