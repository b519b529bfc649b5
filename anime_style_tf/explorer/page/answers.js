// Who may have drawn a picture, and which works are like it.

import { button, dropZone, make, say } from "./elements.js";
import { setStyle, takeWork } from "./picture.js";
import { encodeStyles, encoded, has, predict } from "./server.js";
import { data, thumbnailButton } from "./works.js";

const RANKS = 5;
const WORKS = 12;
const ERROR_RATE = 0.05; // share of works by known artists that may be called unknown

export const title = "Who drew it";
export const lacks = () => (has("attribute_bytes") || has("nearest_bytes") ? "" : "the model has no signature attribute_bytes or nearest_bytes: its run has no index");

export function show(panel, state) {
  const answers = make("div", { className: "answers", hidden: true });
  const zone = dropZone("Drop a portrait, or choose one", async ([file]) => {
    const files = await encoded([file]);
    const parts = [
      ...(has("attribute_bytes") ? artistsOf(await predict("attribute_bytes", { files })) : []),
      ...(has("nearest_bytes") ? worksOf(await predict("nearest_bytes", { files }), state) : []),
      button("Take its style", async () => setStyle(state, (await encodeStyles([file]))[0], `of ${file.name}`)),
    ];
    URL.revokeObjectURL(given.src);
    Object.assign(given, { src: URL.createObjectURL(file), alt: file.name, hidden: false });
    answers.replaceChildren(...parts);
    answers.hidden = false;
    say(parts[0].textContent);
  });
  const given = make("img", { hidden: true });
  zone.prepend(given);
  panel.append(zone, answers);
}

/** Names the likeliest artists, or says that none of the known ones fits. */
function artistsOf({ artists: [names], probabilities: [chances], p_value: [fit] }) {
  const unknown = fit <= ERROR_RATE;
  const percent = (share) => `${(100 * share).toFixed(share > 0.995 || share < 0.0995 ? 1 : 0)} %`;
  const verdict = unknown
    ? ["Unknown: ", make("b", { textContent: "none of the known artists" }), `, the likeliest being ${names[0]}`]
    : ["Probably ", make("b", { textContent: names[0] }), `, ${percent(chances[0])}`];
  const rows = names.slice(0, RANKS).map((name, rank) => {
    const bar = make("meter", { min: 0, max: 1, value: chances[rank], ariaLabel: name });
    return make("tr", {}, make("th", { scope: "row", textContent: name }), make("td", {}, bar), make("td", { textContent: percent(chances[rank]) }));
  });
  return [
    make("p", {}, ...verdict),
    make("table", {}, make("tbody", {}, ...rows)),
    make("p", { className: "hint", textContent: `Probabilities hold if one of the ${names.length} known artists drew it. Fit: p = ${fit.toPrecision(2)}; at most ${ERROR_RATE} is called unknown, which befalls that share of known artists' works.` }),
  ];
}

function worksOf({ works: [names], artists: [artists], distances: [distances] }, state) {
  const place = new Map(data.works.map(({ id }, work) => [id, work]));
  const tiles = names.slice(0, WORKS).map((name, rank) => {
    const text = `${artists[rank]}, ${distances[rank].toFixed(2)}`;
    const work = place.get(name);
    const picture = work === undefined ? make("span", { className: "elsewhere", textContent: "not shown here" }) : thumbnailButton(work, () => takeWork(state, work), 72);
    return make("figure", {}, picture, make("figcaption", { textContent: text, title: name }));
  });
  return [make("h3", { textContent: "Nearest works, and how far they are" }), make("div", { className: "strip wrap near" }, ...tiles)];
}
