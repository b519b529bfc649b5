/**
 * Draws the archive of emoji that style_emoji.py reads, from npm packages.
 *
 *     node benchmarks/emoji_archive.mjs --packages=DIR --size=64 --output=emoji64.zip
 *
 * The archive holds `hand/codepoint.png` (sRGB, on white), MANIFEST.tsv (one line a drawing) and
 * LICENSES.txt. README.md, beside this file, says how DIR is filled and how subjects are chosen.
 */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

// The first hand names the subjects: all packages use its icon names, not all list code points.
const HANDS = [
  "noto", "noto-v1", "twemoji", "openmoji", "fluent-emoji", "fluent-emoji-flat", "emojione",
  "emojione-v1", "fxemoji", "streamline-emojis",
];
const LEAST_HANDS = 5;
const SKIN_TONE = /(^|-)1f3f[b-f](-|$)/;
const COLUMNS = "file artist content_id group name category licence source".split(" ");

function fail(message) {
  console.error(message);
  process.exit(1);
}

function readHand(packages, name) {
  const folder = path.join(packages, "node_modules", "@iconify-json", name);
  if (!fs.existsSync(folder)) {
    fail(`--packages: expected @iconify-json/${name} in ${packages}: npm install as in README.md.`);
  }
  const read = (file) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
  const [icons, info, { version }] = ["icons.json", "info.json", "package.json"].map(read);
  return { name, read, icons, info, version };
}

/** The icon of a name or of its other name; none where the other name is a mirrored drawing. */
function findIcon({ icons, aliases = {} }, name) {
  if (Object.hasOwn(icons, name)) return icons[name];
  if (!Object.hasOwn(aliases, name)) return undefined;
  const { parent, ...changes } = aliases[name];
  return Object.keys(changes).length ? undefined : findIcon({ icons, aliases }, parent);
}

/** Subjects in the order of their names: code points, name, category and the hands that drew it. */
function chooseSubjects(hands) {
  const category = {};
  for (const [title, names] of Object.entries(hands[0].read("metadata.json").categories)) {
    for (const name of names) category[name] = title;
  }
  return Object.entries(hands[0].read("chars.json"))
    .filter(([code]) => !SKIN_TONE.test(code))
    .map(([code, name]) => {
      const drawn = hands.filter((hand) => findIcon(hand.icons, name));
      return { code, name, category: category[name], hands: drawn };
    })
    .filter((subject) => subject.hands.length >= LEAST_HANDS)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function render(sharp, { icons }, name, size) {
  const icon = findIcon(icons, name);
  const { left = 0, top = 0, width = 16, height = 16 } = { ...icons, ...icon };
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"' +
    ` width="${size}" height="${size}" viewBox="${left} ${top} ${width} ${height}">` +
    `${icon.body}</svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: "#ffffff" }).png().toBuffer();
}

function licenses(hands, size) {
  const lines = hands.map(({ name, version, info: { author, license } }) =>
    [
      `${name}: by ${author.name}, ${author.url}`,
      `  ${license.title} (${license.spdx}), ${license.url}`,
      `  from the npm package @iconify-json/${name} ${version}`,
    ].join("\n"),
  );
  const change = `Each drawing was rendered at ${size} x ${size} pixels on white.`;
  return [change, ...lines].join("\n\n") + "\n";
}

async function main() {
  const { packages, size, output } = parseArgs({
    options: {
      packages: { type: "string" },
      size: { type: "string", default: "64" },
      output: { type: "string", default: "emoji64.zip" },
    },
  }).values;
  if (!packages) fail("--packages: expected the folder given to npm install --prefix.");
  const pixels = Number(size);
  if (!Number.isInteger(pixels) || pixels < 1) fail(`--size: expected pixels, received ${size}.`);
  const hands = HANDS.map((name) => readHand(packages, name));
  const require = createRequire(path.resolve(packages, "package.json"));
  const [sharp, { zipSync, strToU8 }] = [require("sharp"), require("fflate")];

  const files = {};
  const rows = [COLUMNS];
  for (const { code, name, category, hands: drawn } of chooseSubjects(hands)) {
    for (const hand of drawn) {
      const file = `${hand.name}/${code}.png`;
      files[file] = await render(sharp, hand, name, pixels);
      const { license, author } = hand.info;
      const source = `npm @iconify-json/${hand.name} ${hand.version} (${author.name})`;
      const group = code.split("-")[0];
      rows.push([file, hand.name, code, group, name, category, license.spdx, source]);
    }
  }
  files["MANIFEST.tsv"] = strToU8(rows.map((row) => row.join("\t") + "\n").join(""));
  files["LICENSES.txt"] = strToU8(licenses(hands, pixels));
  // PNG is compressed already; a fixed date gives the same archive each time.
  fs.writeFileSync(output, zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) }));
  console.log(`${output}: ${rows.length - 1} drawings by ${hands.length} hands.`);
}

await main();
