// The model's server, in the REST protocol of TensorFlow Serving.

const parameters = new URLSearchParams(location.search);
const model = parameters.get("model") ?? "portraits";
export const address = (parameters.get("server") ?? "").replace(/\/+$/, "");
const root = `${address}/v1/models/${encodeURIComponent(model)}`;

let signatures = {};

/**
 * Fetches; where the server wants a token, asks the user for it. It is kept until the tab is closed
 * and goes to that server alone, not to one that a permalink names.
 */
export async function request(url, options = {}) {
  const kept = `anime-style token of ${new URL(url, location.href).origin}`;
  const token = sessionStorage.getItem(kept);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const response = await fetch(url, { ...options, headers });
  if (response.status !== 401) {
    return response;
  }
  const given = prompt(token ? "Another token is wanted by the server:" : "The server wants its token:");
  if (!given) {
    return response;
  }
  sessionStorage.setItem(kept, given.replace(/[^\x20-\x7e]/g, ""));
  return request(url, options);
}

/** Learns what the model can be asked; returns `{ styleSize, contentSize }`, of its codes. */
export async function connect() {
  const { metadata } = await ask(`${root}/metadata`);
  signatures = metadata.signature_def.signature_def;
  if (!has("generate_bytes")) {
    throw new Error(`The model ${model} draws nothing: expected the signature generate_bytes; serve the bundle portraits.`);
  }
  const size = (name) => Number(signatures.generate_bytes.inputs[name].tensor_shape.dim[1].size);
  return { styleSize: size("style"), contentSize: size("content") };
}

/** Tells whether the model has all of some signatures. */
export function has(...names) {
  return names.every((name) => name in signatures);
}

/** Asks for one signature; returns its outputs by name, each with an entry for each in the batch. */
export async function predict(signature, inputs) {
  const body = JSON.stringify({ signature_name: signature, inputs });
  const { outputs } = await ask(`${root}:predict`, { method: "POST", body });
  const names = Object.keys(signatures[signature].outputs);
  return names.length === 1 ? { [names[0]]: outputs } : outputs; // a single output comes bare
}

/** Draws codes; returns the address of each picture. */
export async function generate(styles, contents, seeds) {
  const inputs = { style: styles, content: contents, seed: seeds };
  return (await predict("generate_bytes", inputs)).png_bytes.map(pictureOf);
}

export function pictureOf({ b64 }) {
  return `data:image/png;base64,${b64}`;
}

export async function encodeStyles(files) {
  return (await predict("encode_style_bytes", { files: await encoded(files) })).style;
}

export async function encodeContents(files) {
  return (await predict("encode_content_bytes", { files: await encoded(files) })).content;
}

/** Returns files as the protocol has bytes. */
export function encoded(files) {
  return Promise.all(files.map(async (file) => ({ b64: await base64(file) })));
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
}

async function ask(url, options) {
  let response;
  try {
    response = await request(url, options);
  } catch {
    throw new Error(`No answer from ${address || location.origin}: is the server running?`);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(`The server refused (${response.status}): ${answer.error ?? response.statusText}`);
  }
  return answer;
}
