// Bundles the widget into dist/widget.js and holds it to its budget. With --check it writes nothing and fails
// when the committed file is not what the sources give.
import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { browserOptions } from "./esbuild_options.mjs";

const BUDGET_GZIP_BYTES = 15 * 1024;
const ENTRY = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const BUILT = new URL("../dist/widget.js", import.meta.url);

const result = await build({ ...browserOptions, entryPoints: [ENTRY], write: false });
const bundle = Buffer.from(result.outputFiles[0].contents);
const gzipBytes = gzipSync(bundle, { level: 9 }).length;
console.log(`widget.js: ${bundle.length} bytes, ${gzipBytes} gzip of ${BUDGET_GZIP_BYTES}`);

if (gzipBytes > BUDGET_GZIP_BYTES) fail("the widget is over its budget");
if (process.argv.includes("--check")) {
  if (!bundle.equals(committed()))
    fail("dist/widget.js is not what the sources give: run `npm run build`, commit it");
} else {
  mkdirSync(new URL(".", BUILT), { recursive: true });
  writeFileSync(BUILT, bundle);
}

function committed() {
  try {
    return readFileSync(BUILT);
  } catch {
    return Buffer.alloc(0);
  }
}

function fail(why) {
  console.error(why);
  process.exit(1);
}
