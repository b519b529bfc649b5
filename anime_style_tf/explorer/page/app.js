// Starts the page: what the model can, what the files beside it hold, and so which views there are.

import * as answers from "./answers.js";
import * as artists from "./artists.js";
import * as corners from "./corners.js";
import * as enrolling from "./enrolling.js";
import { make, notify, say, ui } from "./elements.js";
import { listen as listenToKeys } from "./keys.js";
import * as map from "./map.js";
import { contentByChance, showPicture } from "./picture.js";
import { connect, address } from "./server.js";
import * as sliders from "./sliders.js";
import { State } from "./state.js";
import * as transfer from "./transfer.js";
import { allStyles, data, load } from "./works.js";

// Each has `title`, `lacks()`, the reason why it is absent or "", and `show(panel, state)`, which
// fills its panel and returns what is to be done whenever the state changes while it is seen.
const VIEWS = { map, sliders, artists, corners, transfer, answers, enrolling };

async function start() {
  const { styleSize, contentSize } = await connect();
  await load(styleSize);
  const there = Object.entries(VIEWS).filter(([, view]) => !view.lacks());
  const lacking = Object.values(VIEWS).filter((view) => view.lacks());
  const works = data.works.length ? `${data.works.length} works by ` : "";
  const count = Object.keys(data.artists).length;
  ui.about.textContent = `${works}${count} artists${address ? `, drawn by ${address}` : ""}`;
  ui.about.title = lacking.map((view) => `${view.title}: ${view.lacks()}`).join("\n");
  const state = new State(firstState(styleSize, contentSize, there[0][0]));
  if (!there.some(([name]) => name === state.now.view)) {
    state.set({ view: there[0][0] });
  }
  showPicture(state);
  const tabs = makeTabs(state, there);
  listenToKeys(state, tabs);
  ui.about.dataset.ready = "yes";
}

/** The first artist's mean style, if there is one, and a content by chance. */
function firstState(styleSize, contentSize, view) {
  const [name, code] = Object.entries(allStyles())[0] ?? ["the middle", Array(styleSize).fill(0)];
  return {
    style: { code, name },
    content: firstContent(contentSize),
    seed: 0,
    view,
    page: 0,
    keep: Math.min(4, styleSize),
    color: "artist",
    corners: [null, null, null, null],
  };
}

/** That of a work of the first artist, which draws well whatever is done to its style. */
function firstContent(size) {
  const [name] = Object.keys(data.artists);
  const work = data.works.find(({ artist }) => artist === name);
  return work ? { code: work.content, name: `of ${work.id}` } : contentByChance(size);
}

/** Makes the tabs and their panels; a panel is filled when it is first seen. */
function makeTabs(state, views) {
  const updates = {};
  const tabs = views.map(([name, view]) => {
    const tab = make("button", { type: "button", role: "tab", id: `tab-${name}`, textContent: view.title });
    const panel = make("section", { role: "tabpanel", id: `panel-${name}`, hidden: true });
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => state.set({ view: name }));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = tabs[(tabs.findIndex((one) => one.tab === tab) + step + tabs.length) % tabs.length];
        state.set({ view: next.name });
        next.tab.focus();
        event.stopPropagation();
      }
    });
    ui.tabs.append(tab);
    ui.panels.append(panel);
    return { name, tab, panel, view };
  });
  const paint = (now, before) => {
    for (const { name, tab, panel, view } of tabs) {
      const seen = name === now.view;
      tab.ariaSelected = String(seen);
      tab.tabIndex = seen ? 0 : -1;
      panel.hidden = !seen;
      if (seen) {
        updates[name] ??= view.show(panel, state) ?? (() => {});
        updates[name](now, before);
      }
    }
    ui.undo.disabled = !state.canUndo;
    ui.redo.disabled = !state.canRedo;
  };
  state.listen(paint);
  paint(state.now);
  return tabs;
}

start().catch((error) => {
  notify(error.message);
  say(error.message);
});
