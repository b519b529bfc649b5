// Arithmetic on codes, and styles by name.

export function mean(codes, weights = codes.map(() => 1)) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return codes[0].map((_, i) => {
    return codes.reduce((sum, code, row) => sum + weights[row] * code[i], 0) / total;
  });
}

/** Between four codes (top left, top right, bottom left, bottom right) at shares of the way. */
export function bilinear(corners, down, right) {
  const weights = [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right];
  return mean(corners, weights);
}

/** Distance of two codes whose dimensions have a unit each. */
export function distance(one, two, units) {
  return Math.hypot(...one.map((value, i) => (value - two[i]) * units[i]));
}

/** A standard normal number (Box & Muller). */
export function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

export function randomCode(size) {
  return Array.from({ length: size }, normal);
}

/**
 * Reads "ann" or "ann:0.7, bo:0.3"; weights are shares of their sum. A name that has a comma or a
 * colon of its own stands alone.
 * Returns `{ code, name }`, or throws an error of one line.
 */
export function blendOf(text, styles) {
  const alone = find(text, styles);
  const parts = alone ? [[alone, 1]] : text.split(",").map((part) => {
    const [, name, weight = "1"] = /^(.*?)(?::([^:]*))?$/s.exec(part.trim());
    return [find(name, styles) ?? unknown(name, styles), Number(weight)];
  });
  if (!parts.every(([, weight]) => weight > 0 && Number.isFinite(weight))) {
    throw new Error(`Weights are numbers above 0, as in ann:0.7, bo:0.3; received "${text}".`);
  }
  const [names, weights] = [0, 1].map((i) => parts.map((part) => part[i]));
  const code = mean(names.map((name) => styles[name]), weights);
  return { code, name: names.length === 1 ? names[0] : parts.map((part) => part.join(":")).join(", ") };
}

function unknown(name, styles) {
  const known = Object.keys(styles).slice(0, 5).join(", ");
  throw new Error(`No artist is called "${name}": give for instance ${known || "one that you enroll"}.`);
}

/** The artist of a name, without regard to letter case, width and blanks around. */
function find(name, styles) {
  const key = (text) => text.normalize("NFKC").trim().toLowerCase();
  return Object.keys(styles).find((known) => key(known) === key(name));
}
