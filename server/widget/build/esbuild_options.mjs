// What the bundle and the tests share: how TypeScript is lowered and how the style sheet becomes a string.
import { transform } from "esbuild";
import { readFile } from "node:fs/promises";

const styleAsText = {
  name: "style-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), {
        loader: "css",
        minify: true,
        target: TARGET,
      });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** Adopted style sheets and class fields: Chrome 99, Firefox 101, Safari 16.4. */
const TARGET = ["chrome99", "firefox101", "safari16.4"];

export const options = {
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  plugins: [styleAsText],
};

export const browserOptions = { ...options, target: TARGET, format: "iife", minify: true };
