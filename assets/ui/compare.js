// Body of a function (element, trigger, props, server, upload, watch): two pictures of one size and a slider between
// them; `words` stands above. The slider is a range input laid over the pictures, so mouse, touch and arrow keys work alike;
// C shows the whole of one, then of the other.
const $ = (name) => element.querySelector(`[data-part="${name}"]`);
const range = $("range"), root = $("root");
let shown = "";
for (const node of element.querySelectorAll("[data-text]")) node.textContent = words[node.dataset.text];
range.setAttribute("aria-label", words.slider);
range.title = words.slider;

function show() {
  const value = props.value;
  root.hidden = !(value && value.after);
  if (root.hidden) return;
  for (const side of ["before", "after"]) {
    $(side).src = value[side].url;
    $(side).alt = words[side];
  }
  const height = Math.max(240, innerHeight * 0.62);
  $("root").style.setProperty("--ratio", value.width / value.height);
  $("root").style.maxWidth = `${Math.round((height * value.width) / value.height)}px`;
  move();
  if (value.after.url !== shown) requestAnimationFrame(() => root.scrollIntoView({ block: "nearest", behavior: "smooth" }));
  shown = value.after.url;
}

function move() {
  $("before").style.clipPath = `inset(0 ${100 - range.value}% 0 0)`;
  $("line").style.left = `${range.value}%`;
}

function onKey(event) {
  if (!element.isConnected) return document.removeEventListener("keydown", onKey);
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "range";
  if (event.key.toLowerCase() !== "c" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
  if (!root.offsetParent) return;  // in a tab that is not shown
  range.value = Number(range.value) > 50 ? 0 : 100;
  move();
}

document.addEventListener("keydown", onKey);
range.addEventListener("input", move);
watch("value", show);
show();
