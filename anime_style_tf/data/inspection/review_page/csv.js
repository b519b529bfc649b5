// Rejects as CSV: RFC 4180, UTF-8. Names that are no UTF-8 keep their bytes: as in Python
// ("surrogateescape") such a byte is one of U+DC80 to U+DCFF within the page.

const COLUMNS = ["source", "face", "artist", "reason"];
const ESCAPED_BYTE = /([\udc80-\udcff])/u;
const UTF8_OR_BYTE = new RegExp(
  [
    "(?:[\\0-\\x7f]|[\\xc2-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]",
    "|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}|\\xed[\\x80-\\x9f][\\x80-\\xbf]",
    "|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|[\\xf1-\\xf3][\\x80-\\xbf]{3}",
    "|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}){1,1000}|[\\x80-\\xff]",
  ].join(""),
  "g",
);

/** Makes the file from objects with the fields of COLUMNS; `face` is null for a whole source. */
function csvOf(rejects) {
  const rows = [COLUMNS, ...rejects.map((reject) => COLUMNS.map((column) => reject[column]))];
  const text = rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
  const parts = text
    .split(ESCAPED_BYTE)
    .map((part, place) => (place % 2 ? Uint8Array.of(part.charCodeAt(0) & 0xff) : part));
  return new Blob(parts, { type: "text/csv;charset=utf-8" });
}

/** Reads such a file from an ArrayBuffer; throws an Error that says where it is damaged. */
function rejectsOf(buffer) {
  const [header, ...rows] = cellsOf(decoded(buffer).replace(/^\ufeff/, ""));
  const places = COLUMNS.map((column) => (header ? header.cells.indexOf(column) : -1));
  if (places[0] < 0 || places[1] < 0) {
    throw new Error("expected columns “source” and “face” in the first line");
  }
  return rows.map(({ line, cells }) => {
    const [source, face, artist, reason] = places.map((place) => cells[place] ?? "");
    if (cells.length !== header.cells.length || !source || !/^\d*$/.test(face.trim())) {
      throw new Error(
        `line ${line}: expected a source, the number of a face or nothing, and as many cells ` +
          "as the first line has",
      );
    }
    return { source, face: face.trim() === "" ? null : Number(face), artist, reason };
  });
}

function quoted(value) {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cellsOf(text) {
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n][^,\r\n]*|))(,|\r\n|\n|\r|$)/y;
  const rows = [];
  let cells = [];
  let [line, first] = [1, 1];
  while (cell.lastIndex < text.length || cells.length) {
    const match = cell.exec(text);
    if (!match) {
      throw new Error(`line ${line}: a quotation mark is out of place`);
    }
    first = cells.length ? first : line;
    line += match[0].split(/\r\n|\n|\r/).length - 1;
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] !== ",") {
      if (cells.length > 1 || cells[0]) {
        rows.push({ line: first, cells });
      }
      cells = [];
    }
  }
  return rows;
}

function decoded(buffer) {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const bytes = new Uint8Array(buffer);
  const chunks = [];
  for (let start = 0; start < bytes.length; start += 4096) {
    chunks.push(String.fromCharCode(...bytes.subarray(start, start + 4096)));
  }
  return chunks.join("").replace(UTF8_OR_BYTE, (run) => {
    const first = run.charCodeAt(0);
    if (run.length === 1 && first >= 0x80) {
      return String.fromCharCode(0xdc00 + first);
    }
    return utf8.decode(Uint8Array.from(run, (character) => character.charCodeAt(0)));
  });
}
