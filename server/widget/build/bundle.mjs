// Bundles the widget into dist/widget.js, holds it to its budget, and puts the words of each other language beside
// it. With --check it writes nothing and fails when the committed files are not what the sources give.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { browserOptions } from "./esbuild_options.mjs";
import { ENGLISH, readLanguages, table } from "./languages.mjs";

const BUDGET_GZIP_BYTES = 15 * 1024;
const ENTRY = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const BUILT = new URL("../dist/", import.meta.url);

const result = await build({ ...browserOptions, entryPoints: [ENTRY], write: false });
const bundle = Buffer.from(result.outputFiles[0].contents);
const gzipBytes = gzipped(bundle);
console.log(`widget.js: ${bundle.length} bytes, ${gzipBytes} gzip of ${BUDGET_GZIP_BYTES}`);
if (gzipBytes > BUDGET_GZIP_BYTES) fail("the widget is over its budget");

const files = new Map([["widget.js", bundle]]);
for (const [tag, words] of Object.entries(readLanguages())) {
  if (tag === ENGLISH) continue;
  const file = Buffer.from(JSON.stringify(table(words)));
  files.set(`words/${tag}.json`, file);
  console.log(`words/${tag}.json: ${file.length} bytes, ${gzipped(file)} gzip`);
}

if (process.argv.includes("--check")) {
  const stale = [...files].filter(([name, made]) => !made.equals(committed(name))).map(([name]) => name);
  const unknown = readdirSync(new URL("words/", BUILT)).filter((name) => !files.has(`words/${name}`));
  const wrong = [...stale, ...unknown].join(", ");
  if (wrong) fail(`not what the sources give, in dist/: ${wrong}: run \`npm run build\`, commit it`);
} else {
  mkdirSync(new URL("words/", BUILT), { recursive: true });
  for (const [name, made] of files) writeFileSync(new URL(name, BUILT), made);
}

function gzipped(file) {
  return gzipSync(file, { level: 9 }).length;
}

function committed(name) {
  try {
    return readFileSync(new URL(name, BUILT));
  } catch {
    return Buffer.alloc(0);
  }
}

function fail(why) {
  console.error(why);
  process.exit(1);
}
