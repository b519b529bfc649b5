// What the bar and the keyboard do.

import { attempt, download, downloadJson, notify, say, ui } from "./elements.js";
import { setContentByChance, setStyleByChance, setVariant } from "./picture.js";

export function listen(state, tabs) {
  const actions = {
    undo: () => state.undo(),
    redo: () => state.redo(),
    link: () => copyLink(state),
    png: () => attempt(savePicture),
    json: () => saveCodes(state),
    help: () => ui.keys.showModal(),
    style: () => setStyleByChance(state),
    content: () => setContentByChance(state),
    variant: () => setVariant(state, state.now.seed + 1),
    artist: () => ui.styleText.select(),
  };
  ui.undo.addEventListener("click", actions.undo);
  ui.redo.addEventListener("click", actions.redo);
  ui.copyLink.addEventListener("click", actions.link);
  ui.savePng.addEventListener("click", actions.png);
  ui.saveJson.addEventListener("click", actions.json);
  ui.help.addEventListener("click", actions.help);
  ui.close.addEventListener("click", () => ui.keys.close());
  const keys = { l: "link", s: "png", j: "json", "?": "help", r: "style", c: "content", v: "variant", a: "artist" };
  document.addEventListener("keydown", (event) => {
    const action = actions[chosen(event, keys)] ?? viewOf(event, state, tabs);
    const typing = event.target.matches("input:not([type=range]), select, textarea");
    if (action && !typing && !ui.keys.open && !event.altKey) {
      event.preventDefault();
      action();
    }
  });
}

function chosen(event, keys) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    return { z: event.shiftKey ? "redo" : "undo", y: "redo" }[key];
  }
  return key === "u" ? (event.shiftKey ? "redo" : "undo") : keys[key];
}

function viewOf(event, state, tabs) {
  const tab = /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && tabs[event.key - 1];
  return tab && (() => {
    state.set({ view: tab.name });
    tab.tab.focus();
  });
}

async function copyLink(state) {
  try {
    await navigator.clipboard.writeText(state.link);
    say("The link is copied.");
  } catch {
    // A page that is not from this machine or over https may not write to the clipboard.
    history.replaceState(null, "", state.link);
    notify("The address of this page is the link: copy it from there.");
  }
}

function savePicture() {
  const [, base64] = ui.drawn.src.split(",");
  if (!base64) {
    throw new Error("There is no picture yet.");
  }
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  download("portrait.png", new Blob([bytes], { type: "image/png" }));
}

function saveCodes({ now: { style, content, seed }, link }) {
  downloadJson("portrait.json", {
    style: style.code,
    style_name: style.name,
    content: content.code,
    content_name: content.name,
    seed,
    link,
    definition: "style, content and seed as the signature generate takes them",
  });
}
