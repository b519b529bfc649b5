// All that is shown, with undo and a link to it.

const LINK_DECIMALS = 3; // of codes, whose unit is a standard deviation
const LINK_DELAY = 300; // ms; browsers refuse more than some changes of the address a second

/**
 * The state is plain and never changed in place:
 * style and content `{ code, name }`, seed, view, page (of sliders), keep (dimensions that
 * "randomize above" leaves alone), color (of the map), corners (four `{ style, content }` or null).
 */
export class State {
  #now;
  #done = [];
  #undone = [];
  #before = null; // what a drag began with
  #listeners = [];
  #timer = 0;

  constructor(first) {
    this.#now = { ...first, ...read(location.hash, first) };
    addEventListener("hashchange", () => {
      if (location.hash.slice(1) !== write(this.#now)) {
        this.set(read(location.hash, this.#now));
      }
    });
  }

  get now() {
    return this.#now;
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Calls `listener(now, before)` after each change. */
  listen(listener) {
    this.#listeners.push(listener);
  }

  /** Changes parts of the state, as one step of the history. */
  set(changes) {
    this.#done.push(this.#before ?? this.#now);
    this.#before = null;
    this.#undone = [];
    this.#go({ ...this.#now, ...changes });
  }

  /** Changes parts of it while something is dragged; the next `set` ends that step. */
  drag(changes) {
    this.#before ??= this.#now;
    this.#go({ ...this.#now, ...changes });
  }

  undo() {
    this.#travel(this.#done, this.#undone);
  }

  redo() {
    this.#travel(this.#undone, this.#done);
  }

  get link() {
    return `${location.origin}${location.pathname}${location.search}#${write(this.#now)}`;
  }

  #travel(from, to) {
    if (from.length) {
      to.push(this.#now);
      this.#go(from.pop());
    }
  }

  #go(now) {
    const before = this.#now;
    this.#now = now;
    this.#listeners.forEach((listener) => listener(now, before));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => history.replaceState(null, "", this.link), LINK_DELAY);
  }
}

const numbers = (code) => code.map((value) => Number(value.toFixed(LINK_DECIMALS))).join(",");

function write({ style, content, corners, ...plain }) {
  const fields = new URLSearchParams(plain);
  for (const [name, part] of Object.entries({ style, content })) {
    fields.set(name, numbers(part.code));
    fields.set(`${name}_name`, part.name);
  }
  corners.forEach((corner, place) => {
    if (corner) {
      fields.set(`corner${place}`, `${numbers(corner.style)};${numbers(corner.content)};${corner.name}`);
    }
  });
  return fields.toString();
}

/** What of a link fits this model; the rest is passed over, so that an old link still opens. */
function read(hash, known) {
  const fields = new URLSearchParams(hash.slice(1));
  const code = (text, size) => {
    const values = text ? text.split(",").map(Number) : [];
    return values.length === size && values.every(Number.isFinite) ? values : null;
  };
  const state = {};
  for (const name of ["view", "color"].filter((key) => fields.has(key))) {
    state[name] = fields.get(name);
  }
  for (const name of ["seed", "page", "keep"].filter((key) => /^\d{1,15}$/.test(fields.get(key)))) {
    state[name] = Number(fields.get(name));
  }
  for (const name of ["style", "content"]) {
    const values = code(fields.get(name), known[name].code.length);
    if (values) {
      state[name] = { code: values, name: fields.get(`${name}_name`) ?? "" };
    }
  }
  state.corners = known.corners.map((corner, place) => {
    const [style, content, ...name] = (fields.get(`corner${place}`) ?? "").split(";");
    const codes = [code(style, known.style.code.length), code(content, known.content.code.length)];
    return codes.every(Boolean) ? { style: codes[0], content: codes[1], name: name.join(";") } : corner;
  });
  return state;
}
