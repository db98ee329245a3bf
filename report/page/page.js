"use strict";
(() => {
  const groups = [...document.querySelectorAll("section[data-status]")];
  const links = [...document.querySelectorAll("nav a")];
  const jumps = document.querySelectorAll("main, section[id]");
  const show = () => {
    const wanted = location.hash.slice(1);
    const known = groups.some((group) => group.dataset.status === wanted);
    for (const group of groups) group.hidden = known && group.dataset.status !== wanted;
    for (const link of links) {
      if (link.hash === (known ? location.hash : "#all")) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  for (const target of jumps) target.removeAttribute("id");
  addEventListener("hashchange", show);
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  });
  show();
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = button.previousElementSibling.textContent;
      button.textContent = await navigator.clipboard.writeText(text).then(() => "Copied", () => "Select it");
    });
  }
})();
