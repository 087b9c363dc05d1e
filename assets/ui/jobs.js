// Body of a function (element, trigger, props, server, upload, watch): the job list's buttons, and the page's title.
element.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-job]");
  if (!chosen) return;
  const action = event.target.closest("[data-action]")?.dataset.action || "select";
  if (action === "delete" && !confirm(event.target.closest("[data-confirm]").dataset.confirm)) return;
  trigger("job", { id: Number(chosen.dataset.job), action });
});
element.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-job]")) trigger("job", { id: Number(event.target.dataset.job), action: "select" });
});
const title = () => {
  const found = element.querySelector("[data-page-title]");
  if (found) document.title = found.dataset.pageTitle;
};
watch("value", title);
title();
