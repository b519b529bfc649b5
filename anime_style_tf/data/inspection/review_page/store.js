// The rejects of a set of records, with undo and redo.

/**
 * Keeps each reject as an entry of its own in localStorage, so that several tabs, on several pages
 * of the same records, lose nothing to each other.
 */
class Rejects {
  #prefix;
  #entries = new Map();
  #done = [];
  #undone = [];

  constructor(checksum, onForeignChange) {
    this.#prefix = `anime-style review ${checksum} `;
    this.kept = true;
    this.#read();
    addEventListener("storage", (event) => {
      if (event.key === null || event.key.startsWith(this.#prefix)) {
        this.#read();
        onForeignChange();
      }
    });
  }

  get size() {
    return this.#entries.size;
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Returns the reject of a face of a source, or undefined. */
  get({ source, face }) {
    return this.#entries.get(keyOf({ source, face }));
  }

  /** Returns all of them in the order of their sources. */
  all() {
    return [...this.#entries.keys()].sort().map((key) => this.#entries.get(key));
  }

  /** Adds and removes as one step of the history; returns the rejects that were concerned. */
  change({ add = [], remove = [] }) {
    const changes = [
      ...remove.filter((reject) => this.get(reject)).map((reject) => [this.get(reject), null]),
      ...add.filter((reject) => !this.get(reject)).map((reject) => [null, reject]),
    ];
    if (changes.length) {
      this.#done.push(changes);
      this.#undone = [];
    }
    return this.#apply(changes);
  }

  undo() {
    const changes = this.#done.pop() ?? [];
    if (changes.length) {
      this.#undone.push(changes);
    }
    return this.#apply(changes.map(([before, after]) => [after, before]));
  }

  redo() {
    const changes = this.#undone.pop() ?? [];
    if (changes.length) {
      this.#done.push(changes);
    }
    return this.#apply(changes);
  }

  /** Replaces rejects by what `meaning` makes of each; no step of the history. */
  resolve(meaning) {
    for (const reject of this.all()) {
      const meant = meaning(reject).filter((one) => keyOf(one) !== keyOf(reject));
      this.#apply(meant.length ? [[reject, null], ...meant.map((one) => [null, one])] : []);
    }
  }

  #apply(changes) {
    for (const [before, after] of changes) {
      const key = keyOf(before ?? after);
      if (after) {
        this.#entries.set(key, after);
        this.#attempt(() => localStorage.setItem(this.#prefix + key, JSON.stringify(after)));
      } else {
        this.#entries.delete(key);
        this.#attempt(() => localStorage.removeItem(this.#prefix + key));
      }
    }
    return changes.map(([before, after]) => before ?? after);
  }

  #read() {
    this.#attempt(() => {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(this.#prefix));
      const rejects = names.map((name) => JSON.parse(localStorage.getItem(name)));
      this.#entries = new Map(rejects.map((reject) => [keyOf(reject), reject]));
    });
  }

  /** Storage may be full, or switched off. */
  #attempt(action) {
    try {
      action();
    } catch {
      this.kept = false;
    }
  }
}

function keyOf({ source, face }) {
  return JSON.stringify([source, face]);
}
