// Parts of the document. Text reaches it only as textContent or as an attribute, so that no name
// is read as markup.

export const ui = Object.fromEntries(
  [...document.querySelectorAll("[id]")].map((element) => [
    element.id.replace(/-(.)/g, (_, letter) => letter.toUpperCase()),
    element,
  ]),
);

export function make(tag, properties = {}, ...children) {
  const { data, style, ...plain } = properties;
  const element = Object.assign(document.createElement(tag), plain);
  Object.assign(element.dataset, data);
  Object.assign(element.style, style);
  element.append(...children);
  return element;
}

export function button(text, action, properties = {}) {
  const element = make("button", { type: "button", textContent: text, className: "outline", ...properties });
  element.addEventListener("click", action);
  return element;
}

/** Says something to those who listen to the page. */
export function say(text) {
  ui.said.textContent = text;
}

/** Shows a line until the next one; an empty one takes it away. */
export function notify(text) {
  ui.notice.textContent = text;
  ui.notice.hidden = !text;
}

/** Does what a person asked for; what goes wrong is one line on the page. */
export async function attempt(action) {
  try {
    notify("");
    return await action();
  } catch (error) {
    notify(error.message);
    return undefined;
  }
}

export function download(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say(`${name} is saved.`);
}

export function downloadJson(name, values) {
  download(name, new Blob([JSON.stringify(values, null, 1)], { type: "application/json" }));
}

/** A place to drop pictures, or to choose them from a button; `onFiles` takes an array of files. */
export function dropZone(text, onFiles, { several = false } = {}) {
  const input = make("input", { type: "file", accept: "image/*", multiple: several });
  input.className = "unseen";
  const zone = make("label", { className: "drop" }, make("span", { textContent: text }), input);
  takeFiles(zone, input, onFiles);
  return zone;
}

/** Makes an element with a file input take pictures, chosen or dropped. */
export function takeFiles(zone, input, onFiles) {
  const take = (files) => files.length && attempt(() => onFiles([...files]));
  input.addEventListener("change", async () => {
    await take(input.files);
    input.value = ""; // so that the same file can be chosen again
  });
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer.files);
  });
}

/** Runs one call at a time; of those asked for meanwhile only the last, so that none queues up. */
export function latest(work) {
  let waiting = null;
  let running = false;
  return async (...given) => {
    waiting = given;
    if (running) {
      return;
    }
    running = true;
    try {
      while (waiting) {
        const now = waiting;
        waiting = null;
        await work(...now);
      }
    } finally {
      running = false;
    }
  };
}
