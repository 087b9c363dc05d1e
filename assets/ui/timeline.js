// Body of a function (element, trigger, props, server, upload, watch): the sample sheets of one run, or of two beside
// each other, at the moment that the slider says; it stays at the newest until somebody moves it.
const $ = (name) => element.querySelector(`[data-part="${name}"]`);
const range = $("range"), root = $("root");
range.setAttribute("aria-label", words.scrub);
let newest = true, name = "";

function show() {
  const runs = (props.value && props.value.runs) || [];
  root.hidden = !runs.length;
  if (root.hidden) return;
  if (props.value.key !== name) newest = true;
  name = props.value.key;
  const last = Math.max(...runs.map((run) => run.sheets.length)) - 1;
  range.max = last;
  if (newest) range.value = last;
  range.disabled = last < 1;
  move();
}

function move() {
  const runs = props.value.runs, at = Number(range.value);
  newest = at >= Number(range.max);
  while ($("runs").children.length > runs.length) $("runs").lastChild.remove();
  runs.forEach((run, index) => {
    let figure = $("runs").children[index];
    if (!figure) {
      figure = document.createElement("figure");
      figure.append(document.createElement("img"), document.createElement("figcaption"));
      $("runs").append(figure);
    }
    const sheet = run.sheets[Math.min(at, run.sheets.length - 1)];
    if (figure.firstChild.src !== new URL(sheet.file.url, location.href).href) figure.firstChild.src = sheet.file.url;
    figure.firstChild.alt = `${run.name}: ${sheet.caption}`;
    figure.lastChild.textContent = runs.length > 1 ? `${run.name} · ${sheet.caption}` : sheet.caption;
  });
  $("caption").textContent = `${at + 1} / ${Number(range.max) + 1}`;
}

range.addEventListener("input", move);
watch("value", show);
show();
