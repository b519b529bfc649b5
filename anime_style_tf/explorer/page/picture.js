// The large picture, and what sets style, content and variant from beside it.

import { attempt, latest, make, notify, say, takeFiles, ui } from "./elements.js";
import { encodeContents, generate, has } from "./server.js";
import { blendOf, mean, randomCode } from "./styles.js";
import { allStyles, data, nearestWorks, thumbnailButton } from "./works.js";

const NEAR = 5;

export function showPicture(state) {
  const draw = latest(async ({ style, content, seed }) => {
    try {
      const [address] = await generate([style.code], [content.code], [seed]);
      ui.drawn.src = address;
      ui.drawn.alt = `A portrait in the style of ${style.name}, content ${content.name}`;
      await ui.drawn.decode();
    } catch (error) {
      notify(error.message);
    }
  });
  const update = (now, before) => {
    const isNew = ["style", "content", "seed"].some((part) => now[part] !== before?.[part]);
    if (isNew) {
      draw(now);
      ui.caption.replaceChildren(
        "style ", make("b", { textContent: now.style.name }),
        ", content ", make("b", { textContent: now.content.name }),
      );
      ui.seed.value = now.seed;
    }
    if (now.style !== before?.style) {
      showNearest(state);
    }
  };
  state.listen(update);
  listen(state);
  update(state.now);
}

function showNearest(state) {
  const { code } = state.now.style;
  ui.near.hidden = !data.works.length;
  const works = data.works.length ? nearestWorks(code, NEAR) : [];
  ui.nearWorks.replaceChildren(...works.map((work) => thumbnailButton(work, () => takeWork(state, work), 56)));
}

/** Draws a work: its style and its content, or one of them. */
export function takeWork(state, work, parts = ["style", "content"]) {
  const { artist, id, ...codes } = data.works[work];
  const name = { style: `${artist} (one work)`, content: `of ${id}` };
  state.set(Object.fromEntries(parts.map((part) => [part, { code: codes[part], name: name[part] }])));
  say(`${parts.join(" and ")} of ${artist}: ${id}.`);
}

export function setStyle(state, code, name) {
  state.set({ style: { code, name } });
  say(`Style of ${name}.`);
}

/** Between two artists, at a share by chance; where there are none, any style. */
export function setStyleByChance(state) {
  const styles = Object.entries(allStyles());
  if (styles.length < 2) {
    setStyle(state, randomCode(state.now.style.code.length), "chance");
    return;
  }
  const [one, two] = styles.sort(() => Math.random() - 0.5);
  const share = Number(Math.random().toFixed(2));
  const code = mean([one[1], two[1]], [share, 1 - share]);
  setStyle(state, code, `${one[0]}:${share}, ${two[0]}:${Number((1 - share).toFixed(2))}`);
}

export function setContentByChance(state) {
  state.set({ content: contentByChance(state.now.content.code.length) });
  say("Another content.");
}

/** Between two works, as no work has it; where there are none, any content. */
export function contentByChance(size) {
  const share = Math.random();
  const two = [0, 1].map(() => data.works[Math.floor(Math.random() * data.works.length)]);
  const code = two[0] ? mean(two.map((work) => work.content), [share, 1 - share]) : randomCode(size);
  return { code, name: "by chance" };
}

export function setVariant(state, seed) {
  state.set({ seed });
  say(`Variant ${seed}.`);
}

function listen(state) {
  const offer = () => {
    const names = Object.keys(allStyles());
    ui.artists.replaceChildren(...names.map((value) => make("option", { value })));
  };
  ui.styleText.addEventListener("focus", offer); // those enrolled meanwhile too
  offer();
  ui.styleForm.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => {
      const { code, name } = blendOf(ui.styleText.value, allStyles());
      setStyle(state, code, name);
    });
  });
  ui.styleRandom.addEventListener("click", () => setStyleByChance(state));
  ui.contentRandom.addEventListener("click", () => setContentByChance(state));
  ui.seedNext.addEventListener("click", () => setVariant(state, state.now.seed + 1));
  ui.seed.addEventListener("change", () => setVariant(state, Math.max(0, Math.trunc(ui.seed.valueAsNumber || 0))));
  ui.contentFileLabel.hidden = !has("encode_content_bytes");
  takeFiles(ui.contentFileLabel, ui.contentFile, async ([file]) => {
    const [code] = await encodeContents([file]);
    state.set({ content: { code, name: `of ${file.name}` } });
    say(`Content of ${file.name}.`);
  });
}
