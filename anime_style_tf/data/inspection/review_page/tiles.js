// The thumbnails by artist, made of the JSON in #data. Text reaches the document only as
// textContent or as an attribute, so that no name is read as markup.

const DATA = JSON.parse(document.getElementById("data").textContent);
const ui = Object.fromEntries([...document.querySelectorAll("[id]")].map((one) => [one.id, one]));
const store = new Rejects(DATA.checksum, paint);
const sections = DATA.artists.map(makeSection);
const tiles = sections.flatMap((section) => section.tiles);
const tileOf = new Map(tiles.map((tile) => [tile.button, tile]));
let current = tiles[0]; // the one that takes part in the tab order

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function makeSection(artist, place) {
  const section = { artist: artist.name, count: make("p"), all: make("button", { type: "button" }) };
  section.grid = make("div", { className: "grid", role: "group", ariaLabel: artist.name });
  section.tiles = artist.portraits.map((portrait) => makeTile(portrait, section));
  section.grid.append(...section.tiles.map((tile) => tile.button));
  section.all.addEventListener("click", () => toggle(section.tiles.filter(isShown)));
  const heading = make("h2", { id: `artist-${place}`, textContent: artist.name });
  const header = make("header", { className: "artist" }, heading, section.count, section.all);
  section.element = make("section", {}, header, section.grid);
  section.element.setAttribute("aria-labelledby", heading.id);
  return section;
}

function makeTile(portrait, section) {
  const { source, face, likelihood, split, thumbnail } = portrait;
  const image = make("img", { alt: "", decoding: "async", draggable: false });
  image.src = `data:image/webp;base64,${thumbnail}`;
  const label = make("span", { textContent: likelihood === null ? source : likelihood.toFixed(3) });
  const button = make("button", { type: "button", className: "tile", tabIndex: -1 }, image, label);
  const number = face === null ? [] : [`face ${face}`];
  const certainty = likelihood === null ? [] : [`likelihood ${likelihood.toFixed(3)}`];
  const description = [source, ...number, ...certainty, split].join(" · ");
  button.ariaLabel = `${section.artist}: ${description}`;
  button.title = description;
  return { portrait, section, button, description };
}

function isShown(tile) {
  return !tile.button.hidden && !tile.section.element.hidden;
}

/** Applies the choice of artists and of rejects; a reject that is taken back stays in place. */
function choose() {
  const wanted = ui.filter.value.trim().normalize("NFKC").toLowerCase();
  for (const section of sections) {
    for (const tile of section.tiles) {
      tile.button.hidden = ui.only.checked && !store.get(tile.portrait);
    }
    const name = section.artist.normalize("NFKC").toLowerCase();
    const fits = name.includes(wanted) && section.tiles.some((tile) => !tile.button.hidden);
    section.element.hidden = !fits;
  }
  const shown = tiles.filter(isShown);
  ui.empty.hidden = shown.length > 0;
  if (shown.length && !isShown(current)) {
    goTo(shown[0], { focus: false });
  }
  paint();
}

/** Brings the page in line with the rejects. */
function paint() {
  let here = 0;
  for (const section of sections) {
    const rejected = section.tiles.filter((tile) => store.get(tile.portrait));
    const pressed = new Set(rejected);
    section.tiles.forEach((tile) => (tile.button.ariaPressed = String(pressed.has(tile))));
    section.count.textContent = `${rejected.length} of ${section.tiles.length} rejected`;
    const every = section.tiles.filter(isShown).every((tile) => pressed.has(tile));
    section.all.textContent = every ? "Take all back" : "Reject all";
    section.all.ariaLabel = `${section.all.textContent}: ${section.artist}`;
    here += rejected.length;
  }
  const elsewhere = store.size > here ? `, ${store.size - here} not on this page` : "";
  ui.total.textContent = `${here} of ${tiles.length} rejected${elsewhere}`;
  ui.total.classList.toggle("some", store.size > 0);
  ui.save.textContent = `Save CSV (${store.size})`;
  ui.undo.disabled = !store.canUndo;
  ui.redo.disabled = !store.canRedo;
  if (!store.kept) {
    notify("This browser does not keep the rejects: save the CSV before you close the page.");
  }
  describe(current);
}

function describe(tile) {
  const found = store.get(tile.portrait);
  const state = found ? [`rejected${found.reason && `: ${found.reason}`}`] : [];
  ui.details.textContent = [tile.section.artist, tile.description, ...state].join(" · ");
}

function say(text) {
  ui.said.textContent = text;
}

function notify(text) {
  ui.notice.textContent = text;
  ui.notice.hidden = !text;
}
