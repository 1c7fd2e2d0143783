// The queue with j and k, for those who go through many cases. Everything works without it.
const links = [...document.querySelectorAll("[data-queue] h2 a")];
const note = document.querySelector("[data-queue-keys]");

if (links.length) {
  note.hidden = false;
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (!step || typing || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    links[Math.max(0, Math.min(next, links.length - 1))].focus();
  });
}
