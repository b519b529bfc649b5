/**
 * Draws the archive of emoji that style_emoji.py reads, from npm packages: a minute, 200 MB. Node.js 20.9 or newer.
 *
 *     DIR=build/emoji
 *     npm install --prefix $DIR sharp@0.35.5 fflate@0.8.3 @iconify-json/noto@1.2.9 @iconify-json/noto-v1@1.2.5 \
 *         @iconify-json/twemoji@1.2.5 @iconify-json/openmoji@1.2.29 @iconify-json/fluent-emoji@1.2.7 \
 *         @iconify-json/fluent-emoji-flat@1.2.6 @iconify-json/emojione@1.2.3 @iconify-json/emojione-v1@1.2.3 \
 *         @iconify-json/fxemoji@1.2.2 @iconify-json/streamline-emojis@1.2.4
 *     node benchmarks/emoji_archive.mjs --packages=$DIR --size=64 --output=build/emoji64.zip
 *
 * With these versions two builds gave the archive of the committed results, byte for byte; with others, subjects and
 * drawings may differ. It holds `artist/codepoint.png` (sRGB, on white), MANIFEST.tsv (one line a drawing) and
 * LICENSES.txt (author, license and origin of each set: pass the archive on with it, some are CC BY-SA).
 *
 * Subjects are the emoji for which noto lists code points, without skin-tone variants, that at least five of the ten
 * sets drew: 1,587. Not all packages list code points, but all use the same names: a set has a subject if it has an
 * icon, or another name of an icon, with the name that noto gives it; a mirrored icon is not another drawing. `group`
 * is the first code point: variants of one subject are near copies and are held out together.
 *
 * Drawings: noto, twemoji, openmoji 1,587 each; fluent-emoji, fluent-emoji-flat 1,561 each; noto-v1 1,192; emojione
 * 1,076; emojione-v1 919; streamline-emojis 361 and fxemoji 230, which have too few to be trained on.
 */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

// The first set names the subjects: all packages use its icon names, not all list code points.
const SETS = [
  "noto", "noto-v1", "twemoji", "openmoji", "fluent-emoji", "fluent-emoji-flat", "emojione",
  "emojione-v1", "fxemoji", "streamline-emojis",
];
const LEAST_SETS = 5;
const SKIN_TONE = /(^|-)1f3f[b-f](-|$)/;
const COLUMNS = "file artist content_id group name category licence source".split(" ");

function fail(message) {
  console.error(message);
  process.exit(1);
}

function readSet(packages, name) {
  const folder = path.join(packages, "node_modules", "@iconify-json", name);
  if (!fs.existsSync(folder)) {
    fail(`--packages: expected @iconify-json/${name} in ${packages}: npm install as at the top of emoji_archive.mjs.`);
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

/** Subjects in the order of their names: code points, name, category and the sets that drew it. */
function chooseSubjects(sets) {
  const category = {};
  for (const [title, names] of Object.entries(sets[0].read("metadata.json").categories)) {
    for (const name of names) category[name] = title;
  }
  return Object.entries(sets[0].read("chars.json"))
    .filter(([code]) => !SKIN_TONE.test(code))
    .map(([code, name]) => {
      const drawn = sets.filter((set) => findIcon(set.icons, name));
      return { code, name, category: category[name], sets: drawn };
    })
    .filter((subject) => subject.sets.length >= LEAST_SETS)
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

function licenses(sets, size) {
  const lines = sets.map(({ name, version, info: { author, license } }) =>
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
  const sets = SETS.map((name) => readSet(packages, name));
  const require = createRequire(path.resolve(packages, "package.json"));
  const [sharp, { zipSync, strToU8 }] = [require("sharp"), require("fflate")];

  const files = {};
  const rows = [COLUMNS];
  for (const { code, name, category, sets: drawn } of chooseSubjects(sets)) {
    for (const set of drawn) {
      const file = `${set.name}/${code}.png`;
      files[file] = await render(sharp, set, name, pixels);
      const { license, author } = set.info;
      const source = `npm @iconify-json/${set.name} ${set.version} (${author.name})`;
      const group = code.split("-")[0];
      rows.push([file, set.name, code, group, name, category, license.spdx, source]);
    }
  }
  files["MANIFEST.tsv"] = strToU8(rows.map((row) => row.join("\t") + "\n").join(""));
  files["LICENSES.txt"] = strToU8(licenses(sets, pixels));
  // PNG is compressed already; a fixed date gives the same archive each time.
  fs.writeFileSync(output, zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) }));
  console.log(`${output}: ${rows.length - 1} drawings by ${sets.length} sets.`);
}

await main();
