// Body of a function (element, trigger, props, server, upload, watch): the language and theme buttons.
for (const node of element.querySelectorAll("[data-text]")) node.textContent = words[node.dataset.text];
for (const node of element.querySelectorAll("[data-title]")) {
  node.title = words[node.dataset.title];
  node.setAttribute("aria-label", words[node.dataset.title]);
}
element.querySelector('[data-part="language"]').addEventListener("click", () => {
  window.easel.setLanguage(navigator.language === "zh-CN" ? "en" : "zh-CN");
});
element.querySelector('[data-part="theme"]').addEventListener("click", () => window.easel.toggleTheme());
