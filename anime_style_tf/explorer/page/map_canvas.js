// The same points on a plain canvas, for browsers without WebGL.

const RADIUS = 2.5; // CSS pixels
const REACH = 10; // how near a click must be, likewise
const STEP = 1.0015; // zoom for each unit of the wheel

export class CanvasPoints {
  #box;
  #canvas = document.createElement("canvas");
  #events;
  #colors = { palette: ["#888888"], index: [] };
  #view = { x: 0, y: 0, scale: 1 }; // what is in the middle, and how near
  #lasso = false;
  #drag = null;

  constructor(box, places, events) {
    this.places = places;
    this.#box = box;
    this.#events = events;
    box.append(this.#canvas);
    box.addEventListener("pointerdown", (event) => this.#begin(event));
    box.addEventListener("pointermove", (event) => this.#move(event));
    box.addEventListener("pointerup", (event) => this.#end(event));
    box.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.#zoomAt(this.#at(event), STEP ** -event.deltaY);
    }, { passive: false });
    this.resize();
  }

  paint(colors) {
    this.#colors = colors;
    this.#draw();
  }

  pixel([x, y]) {
    const { clientWidth: width, clientHeight: height } = this.#box;
    return [width / 2 + (x - this.#view.x) * this.#unit, height / 2 - (y - this.#view.y) * this.#unit];
  }

  inSight() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    return [...this.places.keys()].filter((work) => {
      const [x, y] = this.pixel(this.places[work]);
      return x > 0 && x < width && y > 0 && y < height;
    });
  }

  select(works) {
    this.#events.onChoice(works);
  }

  lasso(on) {
    this.#lasso = on;
  }

  zoom(factor, [x, y] = [this.#view.x, this.#view.y]) {
    const { clientWidth: width, clientHeight: height } = this.#box;
    this.#view = { ...this.#view, x, y };
    this.#zoomAt([width / 2, height / 2], factor);
  }

  fit() {
    this.#view = { x: 0, y: 0, scale: 1 };
    this.#draw();
  }

  resize() {
    this.#canvas.width = this.#box.clientWidth * devicePixelRatio;
    this.#canvas.height = this.#box.clientHeight * devicePixelRatio;
    this.#draw();
  }

  get #unit() {
    return (Math.min(this.#box.clientWidth, this.#box.clientHeight) / 2) * this.#view.scale;
  }

  /** Where an event is, in pixels of the box. */
  #at(event) {
    const { left, top } = this.#box.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #place([x, y]) {
    const { clientWidth: width, clientHeight: height } = this.#box;
    return [this.#view.x + (x - width / 2) / this.#unit, this.#view.y - (y - height / 2) / this.#unit];
  }

  #zoomAt(pixel, factor) {
    const before = this.#place(pixel);
    this.#view = { ...this.#view, scale: Math.min(Math.max(this.#view.scale * factor, 0.5), 500) };
    const after = this.#place(pixel);
    this.#pan(before[0] - after[0], before[1] - after[1]);
  }

  #pan(x, y) {
    this.#view = { ...this.#view, x: this.#view.x + x, y: this.#view.y + y };
    this.#draw();
  }

  #begin(event) {
    const at = this.#at(event);
    this.#drag = { path: [at], around: this.#lasso || event.shiftKey, moved: false };
    this.#box.setPointerCapture(event.pointerId);
  }

  #move(event) {
    const at = this.#at(event);
    if (!this.#drag) {
      this.#events.onHover(this.#nearest(at));
      return;
    }
    const last = this.#drag.path.at(-1);
    this.#drag.moved ||= Math.hypot(at[0] - this.#drag.path[0][0], at[1] - this.#drag.path[0][1]) > 3;
    this.#drag.path.push(at);
    if (this.#drag.around) {
      this.#draw();
    } else if (this.#drag.moved) {
      this.#pan((last[0] - at[0]) / this.#unit, (at[1] - last[1]) / this.#unit);
    }
  }

  #end(event) {
    const drag = this.#drag;
    this.#drag = null;
    if (drag?.around && drag.moved) {
      const works = [...this.places.keys()].filter((work) => inside(this.pixel(this.places[work]), drag.path));
      this.#events.onChoice(works);
    } else if (drag && !drag.moved) {
      const work = this.#nearest(this.#at(event));
      this.#events.onChoice(work === null ? [] : [work]);
    }
    this.#draw();
  }

  #nearest([x, y]) {
    let [best, least] = [null, REACH];
    this.places.forEach((place, work) => {
      const [px, py] = this.pixel(place);
      const apart = Math.hypot(px - x, py - y);
      if (apart < least) {
        [best, least] = [work, apart];
      }
    });
    return best;
  }

  #draw() {
    const pen = this.#canvas.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.places.forEach((place, work) => {
      const [x, y] = this.pixel(place);
      pen.fillStyle = this.#colors.palette[this.#colors.index[work] ?? 0];
      pen.beginPath();
      pen.arc(x, y, RADIUS, 0, 2 * Math.PI);
      pen.fill();
    });
    if (this.#drag?.around) {
      pen.strokeStyle = getComputedStyle(this.#box).color;
      pen.stroke(new Path2D(`M${this.#drag.path.map((at) => at.join(" ")).join("L")}`));
    }
    this.#events.onView();
  }
}

/** Tells whether a pixel is inside a polygon: a ray to the right crosses it an odd number of times. */
function inside([x, y], polygon) {
  let odd = false;
  polygon.forEach(([x1, y1], i) => {
    const [x2, y2] = polygon.at(i - 1);
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) {
      odd = !odd;
    }
  });
  return odd;
}
