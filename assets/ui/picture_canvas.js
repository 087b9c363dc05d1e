// Body of a function (element, trigger, props, server, upload, watch) that gr.HTML calls once: a drop zone that shows
// a picture and, when PAINT is set, lets a mask be painted over it. `words` stands above; props.value is
//   {picture: {url} | null, width, height, name, mask: "data:image/png;base64,..." | ""}
// and with "offered" beside it a mask that takes the place of what is painted; "answered" counts the answers to a box,
// and to a picture that is none.
// Only the mask ever goes back. It is painted at the picture's size, or at LONGEST px if the picture is larger.
const LONGEST = 2048, HISTORY = 50, COLOUR = "#ff8ac2", MAX_ZOOM = 12;
const TOOLS = { b: "brush", e: "eraser", r: "box", l: "lasso", w: "wand", g: "grab" };  // by their keys
const GROWTH = 2;  // mask px that one step of growing or shrinking takes
const TOLERANCE = 16;  // levels a channel may differ where the wand is pressed; dragging it widens that
const $ = (name) => element.querySelector(`[data-part="${name}"]`);
const stage = $("stage"), layer = $("layer"), image = $("image"), cursor = $("cursor"), zone = $("zone");
const file = $("file"), maskFile = $("mask-file"), status = $("status"), help = $("help");
const mask = $("mask"), pen = mask.getContext("2d", { willReadFrequently: true });
const before = document.createElement("canvas"), past = before.getContext("2d", { willReadFrequently: true });
const state = { size: 40, tool: "brush", view: { scale: 1, x: 0, y: 0 }, fit: 1, shown: "", answered: 0, space: false, hover: false };
const undone = [], done = [], pointers = new Map(), held = new Set();
let stroke = null, grip = null;

for (const node of element.querySelectorAll("[data-text]")) {
  node.textContent = words[node.dataset.text].replace(/ ?[(（].*[)）]$/, "");  // the keys stand in the titles
}
for (const node of element.querySelectorAll("[data-title]")) {
  node.title = words[node.dataset.title];
  node.setAttribute("aria-label", words[node.dataset.title].replace(/ ?[(（].*[)）]$/, ""));
}
element.querySelector(".ez-canvas").classList.toggle("paint", PAINT);

// --- the picture -------------------------------------------------------------------------------------------------

async function send(chosen) {
  if (!chosen) return;
  state.loading = true;
  status.textContent = words.loading;
  try {
    const { path } = await upload(chosen);
    trigger("picture", { path, name: chosen.name });
  } catch (error) {
    answer();
    status.textContent = words.refused;
  }
}

// A button of the tab that is pressed while a picture is on its way means that picture: it is pressed once it is there.
function hold(event) {
  if (!element.isConnected) return document.removeEventListener("click", hold, true);
  const button = event.target.closest("button.primary, button.secondary"), tab = element.closest("[role=tabpanel]");
  if (!state.loading || !button || !tab?.contains(button) || button.id.endsWith("-stop")) return;
  event.stopImmediatePropagation();
  held.add(button);
}
document.addEventListener("click", hold, true);

function answer() {
  state.loading = false;
  status.textContent = "";
  held.clear();
}

function show() {
  const value = props.value || {}, url = value.picture?.url || "", answers = value.answered || 0;
  if (url === state.shown) {
    if (answers !== state.answered) answer();
    state.answered = answers;
    if (value.offered) paintMask(value.offered);
    return;
  }
  state.shown = url;
  state.answered = answers;
  zone.hidden = Boolean(url);
  element.querySelector(".ez-canvas").classList.toggle("filled", Boolean(url));
  if (!url) return image.removeAttribute("src");
  const scale = Math.min(1, LONGEST / Math.max(value.width, value.height));
  for (const canvas of [mask, before]) {
    canvas.width = Math.max(1, Math.round(value.width * scale));
    canvas.height = Math.max(1, Math.round(value.height * scale));
  }
  undone.length = done.length = 0;
  image.alt = value.name || words.picture;
  image.src = value.picture.url;
  $("size").textContent = `${value.width} × ${value.height}`;
  fit();
  buttons();
  if (value.mask) paintMask(value.mask);
  const pressed = [...held];
  answer();
  for (const button of pressed) button.click();
}

function fit() {
  const width = stage.clientWidth;
  if (!width || !state.shown) return;
  const scale = Math.min(width / mask.width, Math.max(240, innerHeight * 0.62) / mask.height);
  stage.style.height = `${Math.round(mask.height * scale)}px`;
  state.fit = scale;
  place({ scale, x: (width - mask.width * scale) / 2, y: 0 });
}

function place(view) {
  const width = stage.clientWidth, height = stage.clientHeight;
  const inside = (offset, room, length) =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset));
  view.x = inside(view.x, width, mask.width * view.scale);
  view.y = inside(view.y, height, mask.height * view.scale);
  state.view = view;
  layer.style.width = `${mask.width}px`;
  layer.style.height = `${mask.height}px`;
  layer.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
}

function zoom(factor, x, y) {
  const old = state.view, scale = Math.min(state.fit * MAX_ZOOM, Math.max(state.fit, old.scale * factor));
  place({ scale, x: x - ((x - old.x) * scale) / old.scale, y: y - ((y - old.y) * scale) / old.scale });
}

// --- the mask ----------------------------------------------------------------------------------------------------

function alphaOf(context, box) {
  const data = context.getImageData(box.x, box.y, box.width, box.height).data, alpha = new Uint8Array(data.length / 4);
  for (let i = 0; i < alpha.length; i++) alpha[i] = data[4 * i + 3];
  return alpha;
}

function putAlpha(box, alpha) {
  const data = new ImageData(box.width, box.height), [r, g, b] = COLOUR.match(/\w\w/g).map((h) => parseInt(h, 16));
  for (let i = 0; i < alpha.length; i++) data.data.set([r, g, b, alpha[i]], 4 * i);
  pen.putImageData(data, box.x, box.y);
  past.putImageData(data, box.x, box.y);
}

// Put what changed in `box` (mask px; all when absent) on the history and tell the server.
function commit(box) {
  const x = Math.max(0, Math.floor(box ? box.left : 0)), y = Math.max(0, Math.floor(box ? box.top : 0));
  const width = Math.min(mask.width, Math.ceil(box ? box.right : mask.width)) - x;
  const height = Math.min(mask.height, Math.ceil(box ? box.bottom : mask.height)) - y;
  if (width <= 0 || height <= 0) return;
  const area = { x, y, width, height };
  remember({ area, old: alphaOf(past, area), fresh: alphaOf(pen, area) });
  past.clearRect(x, y, width, height);
  past.drawImage(mask, x, y, width, height, x, y, width, height);
  changed();
}

function remember(entry) {
  done.push(entry);
  if (done.length > HISTORY) done.shift();
  undone.length = 0;
}

function step(from, to, key) {
  const entry = from.pop();
  if (!entry) return;
  to.push(entry);
  putAlpha(entry.area, entry[key]);
  changed();
}

function changed() {
  buttons();
  setTimeout(() => {  // after the paint, so that the stroke is seen at once
    if (props.value) props.value = { ...props.value, mask: mask.toDataURL("image/png"), offered: "" };
  });
}

function buttons() {
  $("undo").disabled = !done.length;
  $("redo").disabled = !undone.length;
  for (const name of Object.values(TOOLS)) $(name).setAttribute("aria-pressed", state.tool === name);
  cursor.hidden = state.tool !== "brush" && state.tool !== "eraser";
  $("width").value = state.size;
}

function fill(keep) {
  fillAll(keep ? "xor" : "destination-out");
  commit();
}

// Every pixel within GROWTH of the mask joins it, or leaves it when it is within GROWTH of the outside.
function spread(grow) {
  const alpha = alphaOf(past, { x: 0, y: 0, width: mask.width, height: mask.height });
  if (!alpha.some((level) => level > 127)) return;
  if (!grow) fillAll("xor");
  const copy = document.createElement("canvas");
  Object.assign(copy, { width: mask.width, height: mask.height });
  copy.getContext("2d").drawImage(mask, 0, 0);
  for (let y = -GROWTH; y <= GROWTH; y++) {
    for (let x = -GROWTH; x <= GROWTH; x++) if (x * x + y * y <= GROWTH * GROWTH) pen.drawImage(copy, x, y);
  }
  if (!grow) fillAll("xor");
  commit();
}

function fillAll(how) {
  pen.globalCompositeOperation = how;
  pen.fillStyle = COLOUR;
  pen.fillRect(0, 0, mask.width, mask.height);
  pen.globalCompositeOperation = "source-over";
}

// A mask file: painted where opaque if it has transparency, else where white.
async function paintMask(url) {
  const picture = new Image();
  picture.src = url;
  try {
    await picture.decode();
  } catch (error) {
    status.textContent = words.bad_mask;
    return;
  }
  const ratio = picture.naturalWidth / picture.naturalHeight / (mask.width / mask.height);
  if (ratio < 0.99 || ratio > 1.01) {
    status.textContent = words.mask_size;
    return;
  }
  status.textContent = "";
  pen.clearRect(0, 0, mask.width, mask.height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, 0, 0, mask.width, mask.height);
  const data = pen.getImageData(0, 0, mask.width, mask.height).data, alpha = new Uint8Array(data.length / 4);
  let opaque = true;
  for (let i = 3; i < data.length && opaque; i += 4) opaque = data[i] === 255;
  for (let i = 0; i < alpha.length; i++) {
    const j = 4 * i, light = 0.299 * data[j] + 0.587 * data[j + 1] + 0.114 * data[j + 2];
    alpha[i] = (opaque ? light : data[j + 3]) > 127 ? 255 : 0;
  }
  const area = { x: 0, y: 0, width: mask.width, height: mask.height };
  remember({ area, old: alphaOf(past, area), fresh: alpha });
  putAlpha(area, alpha);
  changed();
}

function saveMask() {
  const { width, height, name } = props.value, whole = document.createElement("canvas");
  Object.assign(whole, { width, height });
  const context = whole.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(mask, 0, 0, width, height);
  const data = context.getImageData(0, 0, width, height);
  for (let i = 0; i < data.data.length; i += 4) {
    const level = data.data[i + 3] > 127 ? 255 : 0;
    data.data.set([level, level, level, 255], i);
  }
  context.putImageData(data, 0, 0);
  whole.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${(name || "picture").replace(/\.\w+$/, "")}.mask.png`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

// --- pointer and keys --------------------------------------------------------------------------------------------

function at(event) {
  const frame = stage.getBoundingClientRect(), { scale, x, y } = state.view;
  return { x: (event.clientX - frame.left - x) / scale, y: (event.clientY - frame.top - y) / scale };
}

function draw(to) {
  const radius = state.size / 2 / state.view.scale, from = stroke.at;
  pen.globalCompositeOperation = stroke.erase ? "destination-out" : "source-over";
  pen.strokeStyle = COLOUR;
  pen.lineCap = pen.lineJoin = "round";
  pen.lineWidth = 2 * radius;
  pen.beginPath();
  pen.moveTo(from.x, from.y);
  pen.lineTo(to.x + 0.01, to.y);
  pen.stroke();
  pen.globalCompositeOperation = "source-over";
  stroke.at = to;
  for (const point of [from, to]) reach(point, radius + 2);
}

function reach(point, radius) {
  stroke.left = Math.min(stroke.left, point.x - radius);
  stroke.top = Math.min(stroke.top, point.y - radius);
  stroke.right = Math.max(stroke.right, point.x + radius);
  stroke.bottom = Math.max(stroke.bottom, point.y + radius);
}

// The mask as it was before this stroke, with what `add` draws joined to it or taken from it.
function redraw(add) {
  pen.clearRect(0, 0, mask.width, mask.height);
  pen.drawImage(before, 0, 0);
  pen.globalCompositeOperation = stroke.erase ? "destination-out" : "source-over";
  pen.fillStyle = COLOUR;
  add();
  pen.globalCompositeOperation = "source-over";
}

function outline(to) {
  const first = stroke.points[0];
  if (stroke.tool !== "lasso") stroke.points = [first, { x: to.x, y: first.y }, to, { x: first.x, y: to.y }];
  else stroke.points.push(to);
  for (const point of stroke.points) reach(point, 2);
  redraw(() => {
    pen.beginPath();
    for (const point of stroke.points) pen.lineTo(point.x, point.y);
    pen.fill();
  });
}

// Everything joined to the first point whose colour is like the one there.
function flood(to) {
  const { width, height } = mask, from = stroke.points[0];
  const x = Math.floor(from.x), y = Math.floor(from.y);
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  if (!stroke.pixels) {
    const copy = document.createElement("canvas");
    Object.assign(copy, { width, height });
    const context = copy.getContext("2d");
    context.drawImage(image, 0, 0, width, height);
    stroke.pixels = context.getImageData(0, 0, width, height).data;
  }
  const pixels = stroke.pixels, seed = 4 * (y * width + x);
  const limit = TOLERANCE + Math.max(0, (to.x - from.x) * state.view.scale) / 3;
  const like = (at) => Math.max(Math.abs(pixels[4 * at] - pixels[seed]), Math.abs(pixels[4 * at + 1] - pixels[seed + 1]),
    Math.abs(pixels[4 * at + 2] - pixels[seed + 2])) <= limit;
  const found = new ImageData(width, height), open = [y * width + x], [r, g, b] = COLOUR.match(/\w\w/g);
  const colour = [r, g, b].map((level) => parseInt(level, 16));
  while (open.length) {
    let at = open.pop();
    if (found.data[4 * at + 3]) continue;
    const row = at - (at % width);
    while (at > row && like(at - 1)) at--;
    for (let above = false, below = false; at < row + width && like(at); at++) {
      found.data.set([...colour, 255], 4 * at);
      for (const [next, was, inside] of [[at - width, above, at >= width], [at + width, below, at < width * (height - 1)]]) {
        const fits = inside && !found.data[4 * next + 3] && like(next);
        if (fits && !was) open.push(next);
        if (next < at) above = fits; else below = fits;
      }
    }
  }
  Object.assign(stroke, { left: 0, top: 0, right: width, bottom: height });
  const selected = document.createElement("canvas");
  Object.assign(selected, { width, height });
  selected.getContext("2d").putImageData(found, 0, 0);
  redraw(() => pen.drawImage(selected, 0, 0));
}

const strokes = { brush: draw, eraser: draw, box: outline, lasso: outline, wand: flood, grab: outline };

function endStroke(keep) {
  const box = stroke;
  stroke = null;
  if (keep && box.tool !== "grab") return commit(box);
  pen.clearRect(0, 0, mask.width, mask.height);
  pen.drawImage(before, 0, 0);
  if (keep) grab(box);
}

// The server tells the thing in the box from what is around it.
function grab({ points, erase }) {
  status.textContent = words.grabbing;
  const across = points.map(({ x }) => x / mask.width), down = points.map(({ y }) => y / mask.height);
  const [left, right, top, bottom] = [across, down].flatMap((ends) => [Math.min(...ends), Math.max(...ends)]);
  trigger("grab", { left, top, right, bottom, erase });
}

function pinch() {
  const [a, b] = [...pointers.values()], frame = stage.getBoundingClientRect();
  const now = {
    x: (a.clientX + b.clientX) / 2 - frame.left,
    y: (a.clientY + b.clientY) / 2 - frame.top,
    span: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1,
  };
  if (grip && grip.span) {
    place({ ...state.view, x: state.view.x + now.x - grip.x, y: state.view.y + now.y - grip.y });
    zoom(now.span / grip.span, now.x, now.y);
  }
  grip = now;
}

function ring(event) {
  const frame = stage.getBoundingClientRect();
  cursor.style.width = cursor.style.height = `${state.size}px`;
  cursor.style.transform =
    `translate(${event.clientX - frame.left}px, ${event.clientY - frame.top}px) translate(-50%, -50%)`;
}

stage.addEventListener("pointerdown", (event) => {
  if (!state.shown || !PAINT) return;
  event.preventDefault();
  stage.focus({ preventScroll: true });
  stage.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, event);
  if (pointers.size === 2) {
    if (stroke) endStroke(false);
    grip = null;
    return pinch();
  }
  if (state.space || event.button === 1) {
    grip = { x: event.clientX, y: event.clientY };
  } else if (event.button === 0 && pointers.size === 1) {
    const start = at(event), erase = (state.tool === "eraser") !== event.altKey;
    stroke = { tool: state.tool, erase, at: start, points: [start] };
    Object.assign(stroke, { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity });
    strokes[stroke.tool](start);
  }
});
stage.addEventListener("pointermove", (event) => {
  ring(event);
  if (!pointers.has(event.pointerId)) return;
  pointers.set(event.pointerId, event);
  if (pointers.size === 2) return pinch();
  if (stroke && strokes[stroke.tool] === draw) {
    for (const point of event.getCoalescedEvents?.() || [event]) draw(at(point));
  }
  if (stroke) strokes[stroke.tool](at(event));
  else if (grip) {
    place({ ...state.view, x: state.view.x + event.clientX - grip.x, y: state.view.y + event.clientY - grip.y });
    grip = { x: event.clientX, y: event.clientY };
  }
});
const lift = (event) => {
  if (!pointers.delete(event.pointerId)) return;
  if (stroke) endStroke(event.type === "pointerup");
  grip = null;
};
stage.addEventListener("pointerup", lift);
stage.addEventListener("pointercancel", lift);
stage.addEventListener("wheel", (event) => {
  if (!state.shown || !(event.ctrlKey || document.activeElement === stage)) return;  // else the page scrolls
  event.preventDefault();
  const frame = stage.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY / 400), event.clientX - frame.left, event.clientY - frame.top);
}, { passive: false });
element.addEventListener("pointerenter", () => (state.hover = true));
element.addEventListener("pointerleave", () => (state.hover = false));

const resize = (by) => {
  state.size = Math.min(300, Math.max(2, Math.round(by(state.size))));
  cursor.style.width = cursor.style.height = `${state.size}px`;
  buttons();
};
const tool = (name) => { state.tool = name; buttons(); };
const keys = {
  "[": () => resize((size) => Math.min(size - 1, size / 1.2)),
  "]": () => resize((size) => Math.max(size + 1, size * 1.2)),
  ...Object.fromEntries(Object.entries(TOOLS).map(([key, name]) => [key, () => tool(name)])),
  "+": () => spread(true),
  "-": () => spread(false),
  h: () => (help.hidden = !help.hidden),
  0: fit,
};

function onKey(event) {
  if (!element.isConnected) return document.removeEventListener("keydown", onKey);
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "range";
  if (!PAINT || !state.shown || typing) return;
  if (!state.hover && !element.contains(event.target)) return;
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === "z") {
    event.preventDefault();
    return event.shiftKey ? step(undone, done, "fresh") : step(done, undone, "old");
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "escape") {
    help.hidden = true;
    if (stroke) endStroke(false);
  } else if (key === " " && event.target.tagName !== "BUTTON") {
    event.preventDefault();
    state.space = true;
    stage.classList.add("pan");
  } else if (keys[key]) {
    event.preventDefault();
    keys[key]();
  }
}
document.addEventListener("keydown", onKey);
element.ownerDocument.addEventListener("keyup", (event) => {
  if (event.key === " ") { state.space = false; stage.classList.remove("pan"); }
});

const choose = (input) => () => { input.value = ""; input.click(); };
zone.addEventListener("click", choose(file));
$("open").addEventListener("click", choose(file));
file.addEventListener("change", () => send(file.files[0]));
for (const target of [zone, stage]) {
  target.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  target.addEventListener("dragleave", () => zone.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    send(event.dataTransfer.files[0]);
  });
}
document.addEventListener("paste", (event) => {
  if (state.hover && event.clipboardData.files.length) send(event.clipboardData.files[0]);
});
for (const name of Object.values(TOOLS)) $(name).addEventListener("click", () => tool(name));
$("width").addEventListener("input", (event) => resize(() => Number(event.target.value)));
$("undo").addEventListener("click", () => step(done, undone, "old"));
$("redo").addEventListener("click", () => step(undone, done, "fresh"));
$("clear").addEventListener("click", () => fill(false));
$("invert").addEventListener("click", () => fill(true));
$("grow").addEventListener("click", () => spread(true));
$("shrink").addEventListener("click", () => spread(false));
$("mask-open").addEventListener("click", choose(maskFile));
$("mask-save").addEventListener("click", saveMask);
$("keys").addEventListener("click", keys.h);
maskFile.addEventListener("change", async () => {
  if (!maskFile.files[0]) return;
  const url = URL.createObjectURL(maskFile.files[0]);
  await paintMask(url);
  URL.revokeObjectURL(url);
});
new ResizeObserver(() => { if (stage.clientWidth) fit(); }).observe(stage.parentElement);
const column = element.closest(".ez-stay");
if (column) new ResizeObserver(() => column.style.setProperty("--height", `${column.offsetHeight}px`)).observe(column);
watch("value", show);
show();
