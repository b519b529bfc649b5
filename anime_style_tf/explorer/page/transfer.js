// The content of one picture in the style of another.

import { button, dropZone, make, say } from "./elements.js";
import { encodeContents, encoded, encodeStyles, has, pictureOf, predict } from "./server.js";

export const title = "Transfer";
export const lacks = () => (has("transfer_bytes") ? "" : "the model has no signature transfer_bytes");

export function show(panel, state) {
  const given = {};
  const result = make("img", { alt: "", hidden: true });
  const take = button("Take its style and content", () => takeCodes(given, state), { disabled: true });
  const slots = {
    content: makeSlot("What to draw: drop a picture, or choose one"),
    style: makeSlot("How to draw it: drop a picture, or choose one"),
  };
  for (const [part, slot] of Object.entries(slots)) {
    slot.onFile = async (file) => {
      given[part] = file;
      slot.show(file);
      if (given.content && given.style) {
        result.src = await transfer(given);
        result.alt = `${given.content.name} in the style of ${given.style.name}`;
        result.hidden = false;
        take.disabled = !has("encode_style_bytes", "encode_content_bytes");
        say(`${result.alt} is drawn.`);
      }
    };
  }
  panel.append(
    make("p", { className: "hint", textContent: "Portraits cut closely around the face, as the works on the map are, do best." }),
    make("div", { className: "transfer" }, slots.content.element, make("span", { textContent: "+" }), slots.style.element, make("span", { textContent: "=" }), make("div", { className: "result" }, result)),
    take,
  );
}

function makeSlot(text) {
  const slot = {};
  const zone = dropZone(text, ([file]) => slot.onFile(file));
  const picture = make("img", { alt: "", hidden: true });
  zone.prepend(picture);
  slot.element = zone;
  slot.show = (file) => {
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    picture.hidden = false;
  };
  return slot;
}

async function transfer({ content, style }) {
  const inputs = { content_files: await encoded([content]), style_files: await encoded([style]) };
  return pictureOf((await predict("transfer_bytes", inputs)).png_bytes[0]);
}

async function takeCodes({ content, style }, state) {
  const [[styleCode], [contentCode]] = await Promise.all([encodeStyles([style]), encodeContents([content])]);
  state.set({
    style: { code: styleCode, name: `of ${style.name}` },
    content: { code: contentCode, name: `of ${content.name}` },
  });
}
