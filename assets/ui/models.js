// Body of a function (element, trigger, props, server, upload, watch): a click on a model, in the cards or in a chain.
let chosen = "";
const mark = () => {
  const told = element.querySelector("[data-chosen]");
  if (told) chosen = told.dataset.chosen;
  for (const card of element.querySelectorAll(".ez-model")) {
    card.classList.toggle("selected", card.dataset.model === chosen);
    card.setAttribute("aria-pressed", card.dataset.model === chosen);
  }
};
element.addEventListener("click", (event) => {
  const found = event.target.closest("[data-model]");
  if (!found) return;
  chosen = found.dataset.model;
  element.querySelector("[data-chosen]")?.removeAttribute("data-chosen");
  mark();
  trigger("model", { name: chosen });
});
watch("value", mark);
mark();
