// Points drawn by WebGL (regl-scatterplot): hundreds of thousands of works move smoothly.

import createPubSub from "./vendor/pub-sub-es.js";

/** Returns what draws the points in a box, or null where there is no WebGL that can. */
export async function webglPoints(box, places, events) {
  const context = document.createElement("canvas").getContext("webgl");
  if (!context?.getExtension("OES_texture_float")) {
    return null;
  }
  context.getExtension("WEBGL_lose_context")?.loseContext(); // the probe's own
  globalThis.createPubSub = createPubSub; // as the other two come: classic scripts
  await script("vendor/regl.min.js");
  await script("vendor/regl-scatterplot.min.js");
  const points = new WebglPoints(box, places, events);
  await points.ready;
  return points;
}

function script(src) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src });
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${src} cannot be loaded.`));
    document.head.append(element);
  });
}

class WebglPoints {
  #plot;
  #box;
  #ends; // along each axis two works that lie far apart

  constructor(box, places, { onView, onChoice, onHover }) {
    this.places = places;
    this.#box = box;
    const canvas = document.createElement("canvas");
    box.append(canvas);
    this.#ends = [0, 1].map((axis) => {
      const order = [...places.keys()].sort((one, two) => places[one][axis] - places[two][axis]);
      return [order[0], order.at(-1)];
    });
    this.#plot = globalThis.createScatterplot.default({
      canvas, width: box.clientWidth, height: box.clientHeight,
      pointSize: 5, pointSizeSelected: 2, pointOutlineWidth: 1, opacity: 0.9, colorBy: "valueA", pointColor: ["#888888"],
      actionKeyMap: { lasso: "shift" }, backgroundColor: [0, 0, 0, 0], aspectRatio: 1,
    });
    this.#plot.subscribe("draw", onView); // after each frame: only then are sizes and view of one time
    this.#plot.subscribe("select", ({ points }) => onChoice([...points].sort((one, two) => one - two)));
    this.#plot.subscribe("deselect", () => onChoice([]));
    this.#plot.subscribe("pointover", onHover);
    this.#plot.subscribe("pointout", () => onHover(null));
    this.#draw(places.map(() => 0));
  }

  /** One drawing after the other: the library refuses the next one before the last is done. */
  #draw(index) {
    const columns = { x: this.places.map(([x]) => x), y: this.places.map(([, y]) => y), valueA: index };
    this.ready = (this.ready ?? Promise.resolve()).then(() => this.#plot.draw(columns, { zDataType: "categorical" }));
  }

  paint({ palette, index }) {
    this.#plot.set({ pointColor: palette });
    this.#draw(index);
  }

  /** The map is moved and scaled, never turned: two works tell where all else is. */
  pixel(place) {
    return this.#ends.map(([low, high], axis) => {
      const [start, end] = [low, high].map((work) => this.#plot.getScreenPosition(work)[axis]);
      const [from, to] = [low, high].map((work) => this.places[work][axis]);
      return from === to ? start : start + ((place[axis] - from) / (to - from)) * (end - start);
    });
  }

  inSight() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    return [...this.places.keys()].filter((work) => {
      const [x, y] = this.pixel(this.places[work]);
      return x > 0 && x < width && y > 0 && y < height;
    });
  }

  select(works) {
    this.#plot.select(works);
  }

  lasso(on) {
    this.#plot.set({ mouseMode: on ? "lasso" : "panZoom" });
  }

  /** Goes nearer, about a place that comes to the middle; without one about what is there. */
  zoom(factor, place = this.#plot.get("cameraTarget")) {
    this.#plot.zoomToLocation([...place], this.#plot.get("cameraDistance") / factor);
  }

  fit() {
    this.#plot.zoomToOrigin();
  }

  resize() {
    this.#plot.set({ width: this.#box.clientWidth, height: this.#box.clientHeight });
  }
}
