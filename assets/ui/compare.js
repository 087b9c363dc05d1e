// Body of a function (element, trigger, props, server, upload, watch): two pictures of one size and a slider between
// them. The slider is a range input laid over the pictures, so mouse, touch and arrow keys work alike.
const words = props.texts[navigator.language] || props.texts.en;
const $ = (name) => element.querySelector(`[data-part="${name}"]`);
const range = $("range"), root = $("root");
for (const node of element.querySelectorAll("[data-text]")) node.textContent = words[node.dataset.text];
range.setAttribute("aria-label", words.slider);

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
}

function move() {
  $("before").style.clipPath = `inset(0 ${100 - range.value}% 0 0)`;
  $("line").style.left = `${range.value}%`;
}

range.addEventListener("input", move);
watch("value", show);
show();
