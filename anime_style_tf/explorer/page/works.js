// The files beside the model: works with their thumbnails, artists, dimensions; any may be absent.

import { make } from "./elements.js";
import { request } from "./server.js";
import { distance } from "./styles.js";

const FOLDER = "explorer-data/";
const KEPT = "anime-style explorer enrolled"; // in localStorage

const absent = { artists: {}, enrolled: {}, works: [], map: null, deviation: null, thumbnails: null, dimensions: [] };
export const data = { ...absent };

/** Reads what there is; what was made for codes of another length is left out. */
export async function load(styleSize) {
  for (const name of ["artists", "works", "dimensions"]) {
    const response = await request(`${FOLDER}${name}.json`);
    Object.assign(data, response.ok ? await response.json() : {});
  }
  const fits = ({ style }) => style.length === styleSize;
  if (!data.works.every(fits)) {
    Object.assign(data, absent);
  }
  const files = data.thumbnails?.files ?? [];
  data.sheets = await Promise.all(files.map(async (file) => {
    const sheet = await (await request(FOLDER + file)).blob(); // an image would bring no token
    return Object.assign(new Image(), { src: URL.createObjectURL(sheet) });
  }));
}

/** Mean styles by name: the run's artists, those enrolled in it, those enrolled in this browser. */
export function allStyles() {
  const styles = { ...data.artists };
  const here = Object.entries(enrolledHere()).map(([name, { style }]) => [name, style]);
  for (const [name, style] of [...Object.entries(data.enrolled), ...here]) {
    styles[name] ??= style;
  }
  return styles;
}

/** Artists enrolled in this browser, `{ name: { style, works } }`. */
export function enrolledHere() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {}; // storage is switched off
  }
}

export function keepEnrolled(enrolled) {
  localStorage.setItem(KEPT, JSON.stringify(enrolled));
}

/** Where a work's thumbnail is: `[sheet, left, top]`, in pixels of the sheet. */
export function spot(work) {
  const { side, columns, per_sheet: perSheet } = data.thumbnails;
  const here = work % perSheet;
  return [Math.floor(work / perSheet), (here % columns) * side, Math.floor(here / columns) * side];
}

/** A work's thumbnail, as an element. */
export function thumbnail(work, side = 64) {
  const [sheet, left, top] = spot(work);
  const scale = side / data.thumbnails.side;
  const { artist, id } = data.works[work];
  const element = make("span", {
    className: "thumbnail",
    role: "img",
    ariaLabel: `${artist}: ${id}`,
    title: `${artist}: ${id}`,
    style: {
      width: `${side}px`,
      height: `${side}px`,
      backgroundImage: `url("${data.sheets[sheet].src}")`,
      backgroundPosition: `${-left * scale}px ${-top * scale}px`,
      backgroundSize: `${data.thumbnails.columns * side}px auto`,
    },
  });
  return element;
}

/** The same as a button; `choose` takes the work. */
export function thumbnailButton(work, choose, side = 64) {
  const picture = thumbnail(work, side);
  picture.ariaHidden = "true";
  picture.removeAttribute("role");
  const { artist, id } = data.works[work];
  const element = make("button", { type: "button", className: "tile", title: `${artist}: ${id}` }, picture);
  element.ariaLabel = `${artist}: ${id}`;
  element.addEventListener("click", () => choose(work));
  return element;
}

/** The works nearest to a style, by the distance that metric learning trains. */
export function nearestWorks(style, count) {
  const apart = data.works.map((work) => distance(style, work.style, data.deviation));
  const order = apart.map((_, work) => work).sort((one, two) => apart[one] - apart[two]);
  return order.slice(0, count);
}

/** Place of a style on the map. */
export function placeOf(style) {
  const { origin, by_style: axes } = data.map;
  return origin.map((start, i) => start + axes[i].reduce((sum, value, d) => sum + value * style[d], 0));
}
