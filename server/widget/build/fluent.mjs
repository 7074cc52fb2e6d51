// The part of Fluent that the widget speaks. Deliberately small: text, `{ $variable }`, and one plural choice
// that is the whole message. Anything else is an error of the build.
import { parse } from "@fluent/syntax";

/** A use of the function `say`; of no method by that name. */
const SAID = /(?<![#.\w])say\(\s*"([^"]+)"/g;

/**
 * Fluent source → `{ key: { text, args } }`; `text` is a string with `{name}` holes, or plural forms.
 * @param {string} source @returns {Record<string, { text: any, args: Record<string, string> }>}
 */
export function compileWords(source) {
  /** @type {ReturnType<typeof compileWords>} */
  const words = {};
  for (const entry of parse(source, {}).body) {
    if (entry.type.endsWith("Comment")) continue;
    if (entry.type !== "Message" || !entry.value) {
      throw new Error(
        `widget.ftl: cannot use this entry: ${(entry.content ?? entry.id?.name ?? entry.type).trim()}`,
      );
    }
    const key = entry.id.name;
    if (words[key]) throw new Error(`widget.ftl: ${key} is there twice`);
    if (entry.attributes.length > 0) throw new Error(`widget.ftl: ${key}: attributes are not supported`);
    words[key] = compileMessage(key, entry.value);
  }
  return words;
}

/** Throws unless the keys that the sources say are exactly those of the file. */
export function checkUse(words, sources) {
  const used = new Set(sources.flatMap((text) => [...text.matchAll(SAID)].map((found) => found[1])));
  const missing = [...used].filter((key) => !words[key]);
  const unused = Object.keys(words).filter((key) => !used.has(key));
  if (missing.length > 0) throw new Error(`widget.ftl lacks: ${missing.join(", ")}`);
  if (unused.length > 0) throw new Error(`widget.ftl has keys that nobody uses: ${unused.join(", ")}`);
}

function compileMessage(key, pattern) {
  const args = {};
  const [only] = pattern.elements;
  const choice = pattern.elements.length === 1 && only.type === "Placeable" && only.expression;
  if (choice?.type !== "SelectExpression") return { text: flatten(key, pattern, args), args };

  if (choice.selector.type !== "VariableReference")
    throw new Error(`widget.ftl: ${key}: choose by a variable`);
  const count = choice.selector.id.name;
  args[count] = "number";
  const forms = {};
  for (const variant of choice.variants) {
    if (variant.key.type !== "Identifier")
      throw new Error(`widget.ftl: ${key}: only plural categories, not numbers`);
    forms[variant.key.name] = flatten(key, variant.value, args);
  }
  if (!forms.other) throw new Error(`widget.ftl: ${key}: the form *[other] is missing`);
  return { text: { by: count, ...forms }, args };
}

function flatten(key, pattern, args) {
  return pattern.elements
    .map((element) => {
      if (element.type === "TextElement") return element.value;
      if (element.expression.type !== "VariableReference") {
        throw new Error(`widget.ftl: ${key}: only { $variable } may stand within text`);
      }
      const name = element.expression.id.name;
      args[name] ??= "string | number";
      return `{${name}}`;
    })
    .join("");
}
