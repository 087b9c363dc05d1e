// Body of a function (element, trigger, props, ...) that gr.HTML calls once: a face with arrows to pull its points, or
// with marks on its features to move. `words` stands above; props.value is
//   {picture: {url} | null, size, mode: "pull" | "area" | "marks", pulls: [[x, y, x, y]], area: [[x, y, radius]], marks: {name: [x, y]}} in px of `size`.
const GRAB = 14, LONGEST = 8;  // screen px around a point that take hold of it; arrows at most
const BRUSH = 8 / 128, MOST = 400;  // radius in shares of the face; circles at most
const MODES = ["pull", "area", "marks"];
const LINES = [["bridge", "nose"], ["mouth_left", "mouth_right"], ["lip_top", "lip_bottom"]];
const $ = (name) => element.querySelector(`[data-part="${name}"]`);
const frame = $("frame"), image = $("image"), overlay = $("overlay"), status = $("status");
let held = null;  // {index, end} of an arrow, {name} of a mark, or {brush}

for (const node of element.querySelectorAll("[data-text]")) node.textContent = words[node.dataset.text];
for (const node of element.querySelectorAll("[data-title]")) {
  node.title = words[node.dataset.title];
  node.setAttribute("aria-label", words[node.dataset.title]);
}

const SVG = "http://www.w3.org/2000/svg";
function make(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  overlay.append(node);
  return node;
}

function line(from, to, kind) {
  make("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: `casing ${kind}` });
  make("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: kind });
}

function dot(at, kind, radius = 1.5) {
  make("circle", { cx: at[0], cy: at[1], r: (radius * props.value.size) / 128, class: kind });
}

function draw() {
  const value = props.value;
  overlay.replaceChildren();
  element.querySelector(".ez-points").classList.toggle("filled", Boolean(value && value.picture));
  if (!value || !value.picture) return;
  if (image.dataset.url !== value.picture.url) image.src = image.dataset.url = value.picture.url;
  overlay.setAttribute("viewBox", `0 0 ${value.size} ${value.size}`);
  for (const mode of MODES) $(mode).setAttribute("aria-pressed", value.mode === mode);
  if (value.mode !== "marks") {
    const painted = make("g", { class: "area" });
    for (const [x, y, radius] of value.area || []) painted.append(make("circle", { cx: x, cy: y, r: radius }));
    for (const [x, y, u, v] of value.pulls) {
      line([x, y], [u, v], "way");
      dot([u, v], "goal", 2.2);
      dot([x, y], "handle");
    }
    status.textContent = value.mode === "area" ? words.area_hint : value.pulls.length ? "" : words.pull_hint;
  } else {
    const marks = value.marks || {};
    for (const [a, b] of LINES) if (marks[a] && marks[b]) line(marks[a], marks[b], "way");
    for (const [name, at] of Object.entries(marks)) dot(at, name === "bridge" ? "still" : "goal", 1.8);
    status.textContent = words.marks_hint;
  }
}

function at(event) {
  const box = frame.getBoundingClientRect(), size = props.value.size;
  const inside = (share) => Math.round(Math.min(1, Math.max(0, share)) * size * 10) / 10;
  return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
}

function near(event, point) {
  const box = frame.getBoundingClientRect(), scale = box.width / props.value.size;
  return Math.hypot(event.clientX - box.left - point[0] * scale, event.clientY - box.top - point[1] * scale) < GRAB;
}

function set(changes) {
  props.value = { ...props.value, ...changes };
  draw();
}

function paint(place) {
  const value = props.value, area = value.area || [], last = area.at(-1), radius = BRUSH * value.size;
  if (held.begun && last && Math.hypot(last[0] - place[0], last[1] - place[1]) < radius / 2) return;
  held.begun = true;
  if (area.length < MOST) set({ area: [...area, [...place, radius]] });
}

frame.addEventListener("pointerdown", (event) => {
  const value = props.value;
  if (!value || !value.picture || event.button !== 0) return;
  event.preventDefault();
  frame.focus({ preventScroll: true });
  frame.setPointerCapture(event.pointerId);
  const place = at(event);
  if (value.mode === "marks") {
    const name = Object.keys(value.marks || {}).find((key) => key !== "bridge" && near(event, value.marks[key]));
    held = name ? { name } : null;
    return;
  }
  if (value.mode === "area") {
    held = { brush: true };
    return paint(place);
  }
  const index = value.pulls.findIndex(([x, y, u, v]) => near(event, [u, v]) || near(event, [x, y]));
  if (index >= 0) {
    held = { index, end: near(event, value.pulls[index].slice(2)) ? 2 : 0 };
  } else if (value.pulls.length < LONGEST) {
    set({ pulls: [...value.pulls, [...place, ...place]] });
    held = { index: value.pulls.length, end: 2 };
  }
});

frame.addEventListener("pointermove", (event) => {
  if (!held) return;
  const value = props.value, place = at(event);
  if (held.brush) return paint(place);
  if (held.name) return set({ marks: { ...value.marks, [held.name]: place } });
  const pulls = value.pulls.map((pull) => [...pull]);
  pulls[held.index].splice(held.end, 2, ...place);
  set({ pulls });
});

const lift = () => {
  if (!held) return;
  if (!held.name && !held.brush) {  // an arrow of no length is taken away: a click on a handle removes it
    set({ pulls: props.value.pulls.filter(([x, y, u, v]) => Math.hypot(x - u, y - v) >= 1) });
  }
  held = null;
  trigger("moved", {});
};
frame.addEventListener("pointerup", lift);
frame.addEventListener("pointercancel", lift);
frame.addEventListener("keydown", (event) => {
  if ((event.key === "Delete" || event.key === "Backspace") && props.value?.mode === "pull") {
    event.preventDefault();
    set({ pulls: props.value.pulls.slice(0, -1) });
    trigger("moved", {});
  }
});
for (const mode of MODES) $(mode).addEventListener("click", () => props.value && set({ mode }));
$("clear").addEventListener("click", () => {
  if (!props.value) return;
  set({ pulls: [], area: [], marks: props.value.found });
  trigger("moved", {});
});
watch("value", draw);
draw();
