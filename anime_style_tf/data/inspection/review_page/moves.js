// From thumbnail to thumbnail with the keyboard.

const MOVES = {
  ArrowLeft: () => along(-1),
  ArrowRight: () => along(1),
  ArrowUp: () => across(-1),
  ArrowDown: () => across(1),
  Home: () => current.section.tiles.find(isShown),
  End: () => current.section.tiles.findLast(isShown),
  a: () => artistAt(-1),
  p: () => artistAt(-1),
  d: () => artistAt(1),
  n: () => artistAt(1),
};

function goTo(tile, { focus = true } = {}) {
  current.button.tabIndex = -1;
  tile.button.tabIndex = 0;
  current = tile;
  describe(tile);
  if (focus) {
    tile.button.focus({ preventScroll: true });
    tile.button.scrollIntoView({ block: "nearest" });
  }
}

/** Returns the shown tiles of each artist that is shown, and which of these is current. */
function groups() {
  const all = sections.map((section) => section.tiles.filter(isShown)).filter((row) => row.length);
  return [all, all.findIndex((group) => group.includes(current))];
}

function along(step) {
  const shown = tiles.filter(isShown);
  return shown[shown.indexOf(current) + step];
}

/** Returns the tile above (-1) or below (1), if need be of the next artist. */
function across(step) {
  const [all, place] = groups();
  const columns = getComputedStyle(current.section.grid).gridTemplateColumns.split(" ").length;
  const index = all[place].indexOf(current);
  const lastRow = (group) => Math.floor((group.length - 1) / columns);
  const at = (group, row) => group[Math.min(row * columns + (index % columns), group.length - 1)];
  const row = Math.floor(index / columns) + step;
  if (row >= 0 && row <= lastRow(all[place])) {
    return at(all[place], row);
  }
  const next = all[place + step];
  return next && at(next, step > 0 ? 0 : lastRow(next));
}

function artistAt(step) {
  const [all, place] = groups();
  return all[place + step]?.[0];
}
