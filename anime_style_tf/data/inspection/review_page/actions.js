// What a person does here: reject, undo, load, save; and the wiring of it to the page.

let anchor = current; // where shift + click begins

/** Rejects tiles, or takes all their rejects back if the decisive ones are rejected already. */
function toggle(chosen, decisive = chosen) {
  const back = decisive.every((tile) => store.get(tile.portrait));
  const reason = ui.reason.value.trim();
  const rejects = chosen.map(({ portrait: { source, face }, section: { artist } }) => {
    return { source, face, artist, reason };
  });
  const changed = store.change(back ? { remove: rejects } : { add: rejects });
  paint();
  say(`${back ? "Taken back" : "Rejected"}: ${named(changed)}.`);
}

function undo() {
  travel(store.undo(), "Undone");
}

function redo() {
  travel(store.redo(), "Done again");
}

function travel(changed, word) {
  paint();
  const keys = new Set(changed.map(keyOf));
  const tile = tiles.find((one) => keys.has(keyOf(one.portrait)) && isShown(one));
  if (tile) {
    goTo(tile);
  }
  say(changed.length ? `${word}: ${named(changed)}.` : "There is nothing more.");
}

function named(changed) {
  return changed.length === 1 ? changed[0].source : `${changed.length} portraits`;
}

async function load(file) {
  try {
    const read = rejectsOf(await file.arrayBuffer());
    const changed = store.change({ add: read.flatMap(withFaces) });
    notify("");
    paint();
    say(`${file.name}: ${read.length} rows, ${changed.length} new rejects.`);
  } catch (error) {
    notify(`${file.name} was not loaded: ${error.message}.`);
  }
}

/** A row without a face stands for all faces of its source. */
function withFaces(reject) {
  const here = tiles.filter(({ portrait: { source, face } }) => {
    return source === reject.source && (reject.face === null || reject.face === face);
  });
  return here.length ? here.map((tile) => ({ ...reject, face: tile.portrait.face })) : [reject];
}

function save() {
  const link = make("a", { href: URL.createObjectURL(csvOf(store.all())), download: "rejects.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say(`rejects.csv has ${store.size} rejects.`);
}

function actionFor(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    return { z: event.shiftKey ? redo : undo, y: redo }[key];
  }
  const shown = isShown(current);
  if (MOVES[key]) {
    const begun = tileOf.has(document.activeElement) || !key.startsWith("Arrow");
    return shown ? () => goTo((begun ? MOVES[key]() : current) ?? current) : undefined;
  }
  const rejects = key === "x" || (key === " " && event.target === document.body);
  if (rejects && shown) {
    return () => {
      goTo(current);
      toggle([current]);
    };
  }
  const others = { u: event.shiftKey ? redo : undo, "/": () => ui.filter.select() };
  return { ...others, "?": () => ui.keys.showModal() }[key];
}

function onKey(event) {
  const typing = event.target.matches("[type=text], [type=search]");
  const action = typing || ui.keys.open || event.altKey ? undefined : actionFor(event);
  if (action) {
    event.preventDefault();
    action();
  }
}

function onClick(event) {
  const tile = tileOf.get(event.target.closest(".tile"));
  if (!tile) {
    return;
  }
  goTo(tile);
  const shown = tiles.filter(isShown);
  const ends = [anchor, tile].map((one) => shown.indexOf(one)).sort((one, two) => one - two);
  const several = event.shiftKey && ends[0] >= 0;
  toggle(several ? shown.slice(ends[0], ends[1] + 1) : [tile], [tile]);
  anchor = tile;
}

function onFilterKey(event) {
  if (event.key === "Escape") {
    ui.filter.value = "";
    choose();
  }
  if ((event.key === "Escape" || event.key === "Enter") && isShown(current)) {
    event.preventDefault();
    goTo(event.key === "Enter" ? tiles.find(isShown) : current);
  }
}

function start() {
  document.title = `Review: ${DATA.name}`;
  ui.title.textContent = ui.title.title = `Review: ${DATA.name}`;
  if (DATA.columns) {
    ui.artists.style.setProperty("--columns", DATA.columns);
  }
  ui.pages.hidden = DATA.pages.length < 2;
  for (const [place, href] of DATA.pages.entries()) {
    const link = make("a", { href: encodeURIComponent(href), textContent: place + 1 });
    link.ariaCurrent = place === DATA.page ? "page" : null;
    ui.pages.append(link);
  }
  ui.artists.append(...sections.map((section) => section.element));
  current.button.tabIndex = 0;
  store.resolve(withFaces);
  paint();
}

/** Tells the style sheet what it cannot know: heights, of the bar and of what is not yet drawn. */
function measure() {
  document.documentElement.style.setProperty("--bar", `${ui.bar.offsetHeight}px`);
  const gap = 10;
  const { width, height } = current.button.getBoundingClientRect();
  const columns = DATA.columns ?? Math.floor(ui.artists.clientWidth / (width + gap));
  for (const { element, tiles: all } of sections) {
    const rows = Math.ceil(all.length / Math.max(columns, 1));
    element.style.containIntrinsicBlockSize = `auto ${rows * (height + gap) + 60}px`;
  }
}

function listen() {
  document.addEventListener("keydown", onKey);
  ui.artists.addEventListener("click", onClick);
  ui.artists.addEventListener("pointerover", (event) => {
    describe(tileOf.get(event.target.closest(".tile")) ?? current);
  });
  ui.undo.addEventListener("click", undo);
  ui.redo.addEventListener("click", redo);
  ui.save.addEventListener("click", save);
  ui.load.addEventListener("change", async () => {
    await load(ui.load.files[0]);
    ui.load.value = ""; // so that the same file can be chosen again
  });
  ui.help.addEventListener("click", () => ui.keys.showModal());
  ui.close.addEventListener("click", () => ui.keys.close());
  ui.filter.addEventListener("input", choose);
  ui.filter.addEventListener("keydown", onFilterKey);
  ui.only.addEventListener("change", choose);
  for (const [button, key] of [[ui.previous, "p"], [ui.next, "n"]]) {
    button.addEventListener("click", () => goTo(MOVES[key]() ?? current));
  }
  new ResizeObserver(measure).observe(ui.bar);
  addEventListener("beforeunload", (event) => {
    if (!store.kept && store.size) {
      event.preventDefault();
    }
  });
}

start();
listen();
