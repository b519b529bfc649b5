// The works by their styles, in the plane: who is near whom, and who stands alone.

import { button, downloadJson, make, say } from "./elements.js";
import { CanvasPoints } from "./map_canvas.js";
import { webglPoints } from "./map_webgl.js";
import { setStyle, takeWork } from "./picture.js";
import { mean } from "./styles.js";
import { data, placeOf, spot, thumbnail, thumbnailButton } from "./works.js";

const PICTURES = 150; // works in sight from which on they are pictures in place of points
const SIDE = 44; // of these, in CSS pixels
const MANY = 60; // thumbnails of a choice

export const title = "Map";
export const lacks = () => (data.map ? "" : "no works.json with places beside the model");

export function show(panel, state) {
  const box = make("div", { className: "map", tabIndex: 0 });
  box.setAttribute("role", "application");
  box.ariaLabel = `Map of ${data.works.length} works. Arrow keys go to the next work that way, plus and minus zoom, Enter takes its style.`;
  const overlay = make("canvas", { className: "overlay" });
  const chosen = make("div", { className: "chosen" });
  const view = { box, overlay, chosen, state, points: null, current: null, selected: [] };
  const color = make("select", { id: "map-color" }, ...["artist", "uniqueness"].map((value) => new Option(value, value)));
  color.addEventListener("change", () => state.set({ color: color.value }));
  const lasso = button("Lasso", () => {
    lasso.ariaPressed = String(lasso.ariaPressed !== "true");
    view.points.lasso(lasso.ariaPressed === "true");
  }, { ariaPressed: "false", title: "Choose several works by drawing around them (Shift + drag)" });
  const zooms = [["+", 1.5, "Nearer"], ["−", 1 / 1.5, "Farther"]].map(([text, factor, ariaLabel]) => {
    return button(text, () => view.points.zoom(factor, view.points.places[view.current]), { ariaLabel });
  });
  const legend = make("span", { className: "hint" });
  panel.append(
    make("div", { className: "line" }, make("label", { htmlFor: color.id, textContent: "Color" }), color, legend, make("span", { className: "push" }), lasso, ...zooms, button("All", () => view.points.fit())),
    box, chosen,
  );
  view.ready = begin(view);
  box.addEventListener("keydown", (event) => onKey(view, event));
  return (now, before) => {
    color.value = now.color;
    legend.textContent = now.color === "artist" ? "one color for each artist" : "the brighter, the farther from every other artist";
    view.ready.then(() => {
      if (now.color !== before?.color || before?.view !== now.view) {
        view.points.paint(colorsOf(now.color));
      }
      drawOverlay(view);
    });
  };
}

/** Draws the points by WebGL, or on a plain canvas where there is none. */
async function begin(view) {
  const places = normalized(data.works.map((work) => work.place));
  const events = {
    onView: () => drawOverlay(view),
    onChoice: (works) => choose(view, works),
    onHover: (work) => (view.box.title = work === null ? "" : `${data.works[work].artist}: ${data.works[work].id}`),
  };
  view.toMap = places.toMap;
  view.points = (await webglPoints(view.box, places.points, events)) ?? new CanvasPoints(view.box, places.points, events);
  view.box.dataset.renderer = view.points.constructor.name;
  view.box.append(view.overlay);
  view.points.paint(colorsOf(view.state.now.color));
  new ResizeObserver(() => {
    view.points.resize();
    drawOverlay(view);
  }).observe(view.box);
  data.sheets.forEach((sheet) => sheet.decode().then(() => drawOverlay(view), () => {}));
}

/** Brings places into [-1, 1] without stretching, and tells how. */
function normalized(places) {
  const [low, high] = [Math.min, Math.max].map((extreme) => {
    return [0, 1].map((i) => places.reduce((found, place) => extreme(found, place[i]), places[0][i]));
  });
  const middle = low.map((value, i) => (value + high[i]) / 2);
  const reach = Math.max(high[0] - low[0], high[1] - low[1], 1e-9) / 1.9;
  const toMap = (place) => place.map((value, i) => (value - middle[i]) / reach);
  return { toMap, points: places.map(toMap) };
}

/** Colors that both a light and a dark page let through. */
function colorsOf(by) {
  if (by === "artist") {
    const names = [...new Set(data.works.map((work) => work.artist))].sort();
    const palette = names.map((_, i) => hsl((i * 360 * 0.381966) % 360, 65, 48 + 8 * (i % 2)));
    return { palette, index: data.works.map((work) => names.indexOf(work.artist)) };
  }
  const palette = Array.from({ length: 16 }, (_, i) => hsl(230 - 12 * i, 30 + 4 * i, 35 + 1.6 * i));
  const values = data.works.map((work) => work.uniqueness ?? 0);
  const order = values.map((_, work) => work).sort((one, two) => values[one] - values[two]);
  const index = [];
  order.forEach((work, rank) => (index[work] = Math.floor((rank * palette.length) / order.length)));
  return { palette, index };
}

function hsl(hue, saturation, lightness) {
  const spread = (saturation / 100) * Math.min(lightness / 100, 1 - lightness / 100);
  const channel = (n) => {
    const k = (n + hue / 30) % 12;
    const value = lightness / 100 - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value).toString(16).padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** Pictures in place of points where few are in sight, the choice, and where the style is now. */
function drawOverlay(view) {
  const { overlay, points, box } = view;
  if (!points) {
    return;
  }
  const scale = devicePixelRatio;
  overlay.width = box.clientWidth * scale;
  overlay.height = box.clientHeight * scale;
  const pen = overlay.getContext("2d");
  pen.scale(scale, scale);
  const inSight = points.inSight();
  box.dataset.pictures = inSight.length <= PICTURES;
  if (inSight.length <= PICTURES) {
    for (const work of inSight) {
      const [x, y] = points.pixel(points.places[work]);
      const [sheet, left, top] = spot(work);
      const { side } = data.thumbnails;
      if (data.sheets[sheet].complete) {
        pen.drawImage(data.sheets[sheet], left, top, side, side, x - SIDE / 2, y - SIDE / 2, SIDE, SIDE);
      }
    }
  }
  const ink = getComputedStyle(box).color;
  view.selected.slice(0, 2000).forEach((work) => ring(pen, points.pixel(points.places[work]), 5, ink, 1));
  if (view.current !== null) {
    ring(pen, points.pixel(points.places[view.current]), 9, ink, 2);
  }
  const [x, y] = points.pixel(view.toMap(placeOf(view.state.now.style.code)));
  ring(pen, [x, y], 11, getComputedStyle(box).backgroundColor, 6);
  ring(pen, [x, y], 11, ink, 3);
}

function ring(pen, [x, y], radius, color, width) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

/** Shows one work large, or several small, with what can be done with them. */
function choose(view, works) {
  const { state, chosen } = view;
  view.selected = works;
  view.current = works.length === 1 ? works[0] : null;
  chosen.replaceChildren();
  if (works.length === 1) {
    const [work] = works;
    const { artist, id, uniqueness, split } = data.works[work];
    const alone = uniqueness === null ? "" : `, ${uniqueness.toFixed(2)} from the nearest work by another artist`;
    const take = (text, parts) => button(text, () => takeWork(state, work, parts));
    chosen.append(
      thumbnail(work, 96),
      make("div", {}, make("p", {}, make("b", { textContent: artist }), ` ${id} (${split})${alone}`),
        make("div", { className: "line" }, take("Take its style", ["style"]), take("Take its content", ["content"]), take("Draw it", ["style", "content"]))),
    );
    say(`${artist}: ${id}${alone}.`);
  } else if (works.length) {
    chosen.append(...several(view, works));
    say(`${works.length} works are chosen.`);
  }
  drawOverlay(view);
}

function several({ state, points, box }, works) {
  const artists = [...new Set(works.map((work) => data.works[work].artist))];
  const name = `the mean of ${works.length} works`;
  const save = () => downloadJson("works.json", { works: works.map((work) => data.works[work].id) });
  const pick = (work) => {
    points.select([work]);
    box.focus();
  };
  return [
    make("div", {}, make("p", {}, make("b", { textContent: `${works.length} works` }), ` by ${artists.slice(0, 6).join(", ")}${artists.length > 6 ? " and others" : ""}`),
      make("div", { className: "line" }, button("Take their mean style", () => setStyle(state, mean(works.map((work) => data.works[work].style)), name)), button("Save their names", save))),
    make("div", { className: "strip wrap" }, ...works.slice(0, MANY).map((work) => thumbnailButton(work, pick, 40))),
  ];
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function onKey(view, event) {
  const { points, state } = view;
  if (!points || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const actions = {
    "+": () => points.zoom(1.5, points.places[view.current]),
    "=": () => points.zoom(1.5, points.places[view.current]),
    "-": () => points.zoom(1 / 1.5, points.places[view.current]),
    0: () => points.fit(),
    Enter: () => view.current !== null && takeWork(state, view.current, ["style"]),
  };
  const way = WAYS[event.key];
  const action = way ? () => goTo(points, nextWork(view, way)) : actions[event.key];
  if (action) {
    event.preventDefault();
    event.stopPropagation();
    action();
  }
}

function goTo(points, work) {
  points.select([work]);
  if (!points.inSight().includes(work)) {
    points.zoom(1, points.places[work]);
  }
}

/** The work that is nearest in a direction: what lies aside counts double. */
function nextWork({ points, current, toMap, state }, [right, up]) {
  const from = current === null ? toMap(placeOf(state.now.style.code)) : points.places[current];
  let best = current ?? 0;
  let least = Infinity;
  points.places.forEach(([x, y], work) => {
    const [dx, dy] = [x - from[0], y - from[1]];
    const [ahead, aside] = [dx * right + dy * up, Math.abs(dx * up) + Math.abs(dy * right)];
    if (work !== current && ahead > 0 && ahead > aside && ahead + 2 * aside < least) {
      [best, least] = [work, ahead + 2 * aside];
    }
  });
  return best;
}
