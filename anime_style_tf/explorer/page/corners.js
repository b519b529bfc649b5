// Pictures between four corners.

import { attempt, button, latest, make } from "./elements.js";
import { generate } from "./server.js";
import { bilinear } from "./styles.js";
import { allStyles } from "./works.js";

const SIDE = 5;
const NAMES = ["Top left", "Top right", "Bottom left", "Bottom right"];

export const title = "Corners";
export const lacks = () => "";

export function show(panel, state) {
  const grid = make("div", { className: "between" });
  const shown = NAMES.map((name, place) => makeCorner(name, place, state));
  panel.append(
    make("p", { className: "hint", textContent: "Style and content change evenly from corner to corner. Choose any picture to take it." }),
    make("div", { className: "corners" }, ...shown.map((corner) => corner.element)), grid,
  );
  const draw = latest((now) => attempt(() => drawGrid(grid, cornersOf(now), now.seed, state)));
  return (now, before) => {
    const others = now.corners !== before?.corners || now.seed !== before?.seed || before?.view !== now.view;
    shown.forEach((corner, place) => corner.update(cornersOf(now)[place].name));
    if (others || now.corners.includes(null)) {
      draw(now);
    }
  };
}

/** A corner that nobody set is an artist with the content of now. */
function cornersOf({ corners, style, content }) {
  const styles = Object.entries(allStyles());
  return corners.map((corner, place) => {
    const [name, code] = styles[place % Math.max(styles.length, 1)] ?? [style.name, style.code];
    return corner ?? { style: code, content: content.code, name };
  });
}

function makeCorner(place, number, state) {
  const name = make("b");
  const set = button("Set to the picture", () => {
    const { style, content, corners } = state.now;
    const corner = { style: style.code, content: content.code, name: style.name };
    state.set({ corners: corners.with(number, corner) });
  });
  set.ariaLabel = `${place}: set to the picture`;
  const element = make("div", {}, make("span", {}, `${place}: `, name), set);
  return { element, update: (text) => (name.textContent = text) };
}

async function drawGrid(grid, corners, seed, state) {
  const steps = Array.from({ length: SIDE ** 2 }, (_, i) => [Math.floor(i / SIDE), i % SIDE]);
  const codes = ["style", "content"].map((part) => {
    return steps.map(([row, column]) => {
      return bilinear(corners.map((corner) => corner[part]), row / (SIDE - 1), column / (SIDE - 1));
    });
  });
  const addresses = await generate(codes[0], codes[1], steps.map(() => seed));
  grid.replaceChildren(...addresses.map((src, i) => {
    const [row, column] = steps[i];
    const tile = make("button", { type: "button", className: "tile" }, make("img", { src, alt: "" }));
    tile.ariaLabel = `Row ${row + 1}, column ${column + 1} of ${SIDE}`;
    tile.addEventListener("click", () => state.set({
      style: { code: codes[0][i], name: `between corners, row ${row + 1}, column ${column + 1}` },
      content: { code: codes[1][i], name: "between corners" },
    }));
    return tile;
  }));
}
