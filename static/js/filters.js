// Filters that answer at once. Without this file the form has its button, and the page reloads.
const LIVE = document.getElementById("annonce");
const INCIDENT = document.getElementById("incident");

// Addresses stay short enough to be read and shared: an empty field is not sent.
function prune(parameters) {
  for (const [name, value] of [...parameters.entries()]) {
    if (value === "") {
      parameters.delete(name);
    }
  }
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.matches("[data-filters]") && event.detail.verb === "get") {
    prune(event.detail.formData ?? event.detail.parameters);
  }
});

document.addEventListener("submit", (event) => {
  // Where htmx takes over, it has already prevented the plain submission.
  if (event.target.matches("form[data-filters]") && !event.defaultPrevented) {
    for (const field of event.target.elements) {
      if (field.name && field.value === "" && !field.disabled) {
        field.disabled = true;
        // The back button may bring this very page back: its fields must work again.
        window.addEventListener("pageshow", () => (field.disabled = false), { once: true });
      }
    }
  }
});

// A choice in a box, a list, or the place box asks for the results; typing words waits for Enter.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-filters]") && !event.target.matches("input[type=text], input[type=search]")) {
    form.requestSubmit();
  }
});
document.addEventListener("combobox:change", (event) => {
  const form = event.target.closest("form[data-filters]");
  form?.requestSubmit();
});

// "Show the results" closes the drawer and goes to them.
document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close-drawer]");
  const drawer = closer?.closest("details");
  if (drawer) {
    drawer.open = false;
    // It bears an id: the focus is given back to it when the results are swapped.
    document.querySelector("[data-results-start]")?.focus();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.target.querySelector?.("[data-announce]") ?? document.querySelector("[data-announce]");
  if (said) {
    LIVE.textContent = said.textContent.trim();
  }
  const wanted = event.detail.requestConfig?.elt;
  // A link of the swapped part (a page, a chip) is gone: the reader goes on from the new results.
  if (wanted && !wanted.isConnected) {
    const target = document.querySelector("[data-results-start]");
    target?.focus({ preventScroll: false });
  }
});

// The filters come back with other counts: what the reader had unfolded or folded stays so.
function foldingName(details) {
  return details.matches(".drawer") ? "drawer" : `${details.className} ${details.querySelector("input")?.name}`;
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const open = new Map();
  for (const details of event.detail.target.querySelectorAll("details")) {
    open.set(foldingName(details), details.open);
  }
  for (const details of event.detail.fragment.querySelectorAll("details")) {
    details.open = open.get(foldingName(details)) ?? details.open;
  }
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    INCIDENT.textContent = INCIDENT.dataset.words;
  });
}
document.addEventListener("htmx:beforeRequest", () => {
  INCIDENT.textContent = "";
});

// A form that came back with errors: the reader starts from their summary.
document.querySelector("[data-focus]")?.focus();
