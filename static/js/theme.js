// Light, dark, or as the device says. Kept in a cookie, so that the server paints the right page at once.
const menu = document.querySelector("[data-theme-menu]");

if (menu) {
  const root = document.documentElement;
  const chosen = root.dataset.theme ?? "";
  menu.hidden = false;
  for (const radio of menu.querySelectorAll("input[name=theme]")) {
    radio.checked = radio.value === chosen;
  }

  menu.addEventListener("change", (event) => {
    const theme = event.target.value;
    if (theme) {
      root.dataset.theme = theme;
    } else {
      delete root.dataset.theme;
    }
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${theme ? 31536000 : 0}; SameSite=Lax${secure}`;
  });

  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
}
