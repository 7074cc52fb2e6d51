// Compiles test/*.test.ts for node's own test runner into .cache/test/.
import { build } from "esbuild";
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { options } from "./esbuild_options.mjs";

const folder = fileURLToPath(new URL("../test/", import.meta.url));
const outdir = fileURLToPath(new URL("../.cache/test/", import.meta.url));
rmSync(outdir, { recursive: true, force: true });

await build({
  ...options,
  entryPoints: readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => folder + name),
  outdir,
  outExtension: { ".js": ".mjs" },
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
});
