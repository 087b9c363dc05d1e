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
// A job that ends while the page is open is told of: on the page, and by the system where that is allowed.
const states = new Map();
const news = () => {
  for (const card of element.querySelectorAll("[data-job]")) {
    const before = states.get(card.dataset.job), now = card.dataset.state;
    states.set(card.dataset.job, now);
    if (before === "running" && card.dataset.news) tell(card.dataset.news);
  }
};
function tell(text) {
  const note = document.createElement("div");
  note.className = "ez-note";
  note.setAttribute("role", "status");
  note.textContent = text;
  document.body.append(note);
  setTimeout(() => note.remove(), 10000);
  if (document.hidden && window.Notification && Notification.permission === "granted") new Notification("Easel", { body: text });
}
element.addEventListener("click", (event) => {
  if (event.target.closest(".ez-job.running") && window.Notification && Notification.permission === "default") Notification.requestPermission();
});
const changed = () => { title(); news(); };
watch("value", changed);
changed();
