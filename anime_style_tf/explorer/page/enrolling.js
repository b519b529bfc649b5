// A new artist from a few pictures: its mean style is kept in this browser.

import { attempt, button, downloadJson, dropZone, make, notify, say } from "./elements.js";
import { setStyle } from "./picture.js";
import { encodeStyles, has } from "./server.js";
import { mean } from "./styles.js";
import { allStyles, enrolledHere, keepEnrolled } from "./works.js";

const DEFINITIONS = {
  artists: "mean style of each artist in the units of S^, as the signature generate takes it: the plain mean over its works",
  deviations: "null for a plain mean",
  works: "portraits that the artist was enrolled from",
};

export const title = "Enroll";
export const lacks = () => (has("encode_style_bytes") ? "" : "the model has no signature encode_style_bytes");

export function show(panel, state) {
  const name = make("input", { id: "new-artist", autocomplete: "off", placeholder: "Name of the artist" });
  const list = make("ul", { className: "enrolled" });
  const paint = () => list.replaceChildren(...Object.entries(enrolledHere()).map((one) => makeEntry(one, state, paint)));
  const zone = dropZone("Drop portraits by this artist, or choose some", async (files) => {
    await enroll(name.value.trim(), files);
    paint();
  }, { several: true });
  panel.append(
    make("p", { className: "hint", textContent: "Nothing is trained. The mean of the pictures' styles is kept in this browser under the name, and can be drawn, blended and saved like any artist's." }),
    make("label", { htmlFor: name.id, textContent: "New artist" }), name, zone, list,
    button("Save styles.json", () => attempt(() => save(state.now.style.code.length))),
  );
  paint();
}

async function enroll(name, files) {
  if (!name) {
    throw new Error("Give the artist a name first, then the pictures.");
  }
  if (name in allStyles() && !(name in enrolledHere())) {
    throw new Error(`${name} is an artist of the model: give another name.`);
  }
  const results = await Promise.allSettled(files.map((file) => encodeStyles([file])));
  const codes = results.filter((one) => one.value).map((one) => one.value[0]);
  const refused = files.filter((_, i) => !results[i].value).map((file) => file.name);
  if (codes.length) {
    keepEnrolled({ ...enrolledHere(), [name]: { style: mean(codes), works: codes.length } });
    say(`${name} is enrolled; pictures used: ${codes.length}.`);
  }
  if (refused.length) {
    notify(`Set aside, since the server could not read them: ${refused.join(", ")}.`);
  }
}

function makeEntry([name, { style, works }], state, repaint) {
  const draw = button("Draw", () => setStyle(state, style, name));
  const forget = button("Forget", () => {
    const { [name]: _, ...others } = enrolledHere();
    keepEnrolled(others);
    repaint();
    say(`${name} is forgotten.`);
  });
  draw.ariaLabel = `Draw in the style of ${name}`;
  forget.ariaLabel = `Forget ${name}`;
  return make("li", {}, make("b", { textContent: name }), make("span", { textContent: works === 1 ? "1 work" : `${works} works` }), draw, forget);
}

/** In the form of a run's enrolled/styles.json. */
function save(size) {
  const enrolled = Object.entries(enrolledHere());
  if (!enrolled.length) {
    throw new Error("Nobody is enrolled yet.");
  }
  const column = (value) => Object.fromEntries(enrolled.map(([name, one]) => [name, value(one)]));
  downloadJson("styles.json", {
    artists: column((one) => one.style),
    deviations: column(() => null),
    works: column((one) => one.works),
    sizes: { k_S: size },
    definitions: DEFINITIONS,
  });
}
