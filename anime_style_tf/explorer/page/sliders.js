// One slider for each style dimension, the most important first.

import { button, make, say } from "./elements.js";
import { normal } from "./styles.js";
import { data, thumbnail } from "./works.js";

const PER_PAGE = 6;
const REACH = 3; // standard deviations to either side
const ENDS = 2; // thumbnails at either end
const MARKS = ["○○", "●○", "●●"];

export const title = "Sliders";
export const lacks = () => "";

export function show(panel, state) {
  const size = state.now.style.code.length;
  const pages = Math.ceil(size / PER_PAGE);
  const list = make("div", { className: "sliders" });
  const place = make("span");
  const turn = (step) => state.set({ page: Math.min(Math.max(state.now.page + step, 0), pages - 1) });
  const earlier = button("Earlier", () => turn(-1));
  const later = button("Later", () => turn(1));
  const keep = make("input", { type: "number", min: 0, max: size, id: "keep" });
  keep.addEventListener("change", () => {
    state.set({ keep: Math.min(Math.max(Math.trunc(keep.valueAsNumber || 0), 0), size) });
  });
  panel.append(
    make("div", { className: "line" }, earlier, place, later, make("span", { className: "push" }),
      make("label", { htmlFor: "keep", textContent: "Keep the first" }), keep,
      button("Randomize the others", () => randomize(state)),
      button("All to 0", () => state.set({ style: { code: Array(size).fill(0), name: "the middle" } }))),
    make("p", { className: "hint", textContent: HINT }),
    list,
  );
  let rows = [];
  return (now, before) => {
    const page = Math.min(now.page, pages - 1);
    if (!rows.length || page !== Math.min(before?.page ?? -1, pages - 1)) {
      const numbers = Array.from({ length: PER_PAGE }, (_, i) => page * PER_PAGE + i);
      rows = numbers.filter((dimension) => dimension < size).map((dimension) => makeRow(dimension, state));
      list.replaceChildren(...rows.map((row) => row.element));
    }
    place.textContent = `dimensions ${page * PER_PAGE + 1} to ${Math.min((page + 1) * PER_PAGE, size)} of ${size}`;
    earlier.disabled = page === 0;
    later.disabled = page === pages - 1;
    keep.value = now.keep;
    rows.forEach((row) => row.update(now.style.code));
  };
}

const HINT =
  "The first dimensions matter most. At either end: the works that have the least and the most of it. " +
  "●● an encoder of another run reads what the slider asks for; ●○ artists differ along it; ○○ neither was shown.";

function makeRow(dimension, state) {
  const card = data.dimensions[dimension];
  const ends = ["lowest", "highest"].map((end) => {
    const works = (card?.[end] ?? []).slice(0, ENDS);
    return make("div", { className: "ends" }, ...works.map((work) => thumbnail(work, 48)));
  });
  const words = ["less", "more"].map((end) => (card?.[end] ?? []).slice(0, 2).join(", "));
  const id = `dimension-${dimension + 1}`;
  const input = make("input", { type: "range", id, min: -REACH, max: REACH, step: 0.05 });
  const value = make("output", { htmlFor: id });
  const trust = card?.trust ?? { mark: 0, says: "nothing was measured" };
  const mark = make("abbr", { textContent: MARKS[trust.mark], title: trust.says });
  const described = words[0] ? ` from ${words[0]} to ${words[1]}` : "";
  const label = make("label", { htmlFor: id }, `${dimension + 1} `, mark, make("span", { className: "unseen", textContent: described }));
  const moved = () => {
    const { style } = state.now;
    const code = style.code.with(dimension, input.valueAsNumber);
    return { style: { code, name: style.name.endsWith(", moved") ? style.name : `${style.name}, moved` } };
  };
  input.addEventListener("input", () => state.drag(moved()));
  input.addEventListener("change", () => state.set(moved()));
  const element = make("div", { className: "slider" }, label, ends[0],
    make("div", { className: "track" }, input, make("small", {}, make("span", { textContent: words[0] }), make("span", { textContent: words[1] }))),
    ends[1], value);
  const update = (code) => {
    if (document.activeElement !== input || input.valueAsNumber.toFixed(2) !== code[dimension].toFixed(2)) {
      input.value = code[dimension];
    }
    value.textContent = code[dimension].toFixed(2);
  };
  return { element, update };
}

function randomize(state) {
  const { style, keep } = state.now;
  const code = style.code.map((value, dimension) => (dimension < keep ? value : normal()));
  state.set({ style: { code, name: `${style.name.replace(/, randomized above \d+$/, "")}, randomized above ${keep}` } });
  say(`Dimensions above ${keep} are others now.`);
}
