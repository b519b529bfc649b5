// One content in the style of every artist, and two of the pictures compared.

import { attempt, button, latest, make, say, ui } from "./elements.js";
import { setStyle } from "./picture.js";
import { generate } from "./server.js";
import { allStyles } from "./works.js";

const AT_ONCE = 32;

export const title = "All artists";
export const lacks = () => (Object.keys(allStyles()).length ? "" : "no artists.json beside the model");

export function show(panel, state) {
  const grid = make("div", { className: "grid" });
  const comparison = makeComparison(state);
  panel.append(
    make("p", { className: "hint", textContent: "The same content and variant in the mean style of each artist. Choose one to compare it with the large picture." }),
    comparison.element, grid,
  );
  const draw = latest(({ content, seed }) => attempt(() => drawAll(grid, content.code, seed, comparison.compare)));
  return (now, before) => {
    const others = Object.keys(allStyles()).join("\n") !== grid.dataset.names;
    if (others || before?.view !== now.view || now.content !== before?.content || now.seed !== before?.seed) {
      grid.dataset.names = Object.keys(allStyles()).join("\n");
      draw(now);
    }
  };
}

async function drawAll(grid, content, seed, choose) {
  const styles = Object.entries(allStyles());
  const tiles = [];
  for (let start = 0; start < styles.length; start += AT_ONCE) {
    const some = styles.slice(start, start + AT_ONCE);
    const addresses = await generate(some.map(([, code]) => code), some.map(() => content), some.map(() => seed));
    tiles.push(...addresses.map((src, i) => makeTile(src, some[i][0], some[i][1], choose)));
  }
  grid.replaceChildren(...tiles);
}

function makeTile(src, name, code, choose) {
  const tile = make("button", { type: "button", className: "tile" }, make("img", { src, alt: "" }), make("span", { textContent: name }));
  tile.addEventListener("click", () => choose({ src, name, code }));
  return tile;
}

/** Two pictures in one frame, one on either side of a line that can be moved. */
function makeComparison(state) {
  const [left, right] = ["left", "right"].map((className) => make("img", { className, alt: "" }));
  const slider = make("input", { type: "range", min: 0, max: 100, value: 50, ariaLabel: "Where the left picture ends" });
  const frame = make("div", { className: "split" }, right, left);
  const names = make("p");
  const element = make("div", { className: "comparison", hidden: true }, make("div", {}, frame, slider), names);
  const move = () => frame.style.setProperty("--at", `${slider.value}%`);
  slider.addEventListener("input", move);
  move();
  const compare = ({ src, name, code }) => {
    left.src = ui.drawn.src;
    right.src = src;
    left.alt = `Left: ${state.now.style.name}`;
    right.alt = `Right: ${name}`;
    names.replaceChildren(
      make("span", {}, "left ", make("b", { textContent: state.now.style.name }), ", right ", make("b", { textContent: name })),
      button(`Take the style of ${name}`, () => setStyle(state, code, name)),
    );
    element.hidden = false;
    say(`Compared: ${state.now.style.name} and ${name}.`);
  };
  return { element, compare };
}
