// Body of a function (element, trigger, props, server, upload, watch): a picture beside itself, as often as the chosen
// button says; `words` stands above.
const $ = (name) => element.querySelector(`[data-part="${name}"]`);
const buttons = [...element.querySelectorAll("[data-count]")];
let count = 2;
$("counts").setAttribute("aria-label", words.counts);

function show() {
  const value = props.value;
  $("root").hidden = !(value && value.tile);
  if ($("root").hidden) return;
  const tiles = $("tiles"), height = Math.max(260, innerHeight * 0.66);
  tiles.setAttribute("aria-label", words.picture);
  tiles.style.backgroundImage = `url("${value.tile.url}")`;
  tiles.style.backgroundSize = `${100 / count}% ${100 / count}%`;
  tiles.style.aspectRatio = value.width / value.height;
  $("root").style.maxWidth = `${Math.round((height * value.width) / value.height)}px`;
  $("size").textContent = `${value.width} × ${value.height} px`;
  for (const button of buttons) button.setAttribute("aria-pressed", String(Number(button.dataset.count) === count));
}

for (const button of buttons) button.addEventListener("click", () => { count = Number(button.dataset.count); show(); });
watch("value", show);
show();
