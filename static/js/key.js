// Shows what needs a key where the browser can use one, and says when it did not answer.
(() => {
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("[data-key]")) form.hidden = false;
  for (const note of document.querySelectorAll("[data-without-key]")) note.hidden = true;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const problem of document.querySelectorAll("[data-key-problem]")) problem.hidden = false;
  });
})();
