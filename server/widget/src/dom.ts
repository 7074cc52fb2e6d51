// Building and changing elements without markup in strings, which strict content security policies refuse.

const SVG = "http://www.w3.org/2000/svg";

export type Attributes = Record<string, string | boolean>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  set(made, attributes);
  made.append(...children);
  return made;
}

/** A line drawing on a field of 24 by 24, in the colour of the text around it, silent to screen readers. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  set(svg, { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" });
  const line = document.createElementNS(SVG, "path");
  set(line, { d: path });
  svg.append(line);
  return svg;
}

/** `true` sets an attribute without a value, `false` takes it away. */
export function set(on: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) on.removeAttribute(name);
    else if (on.getAttribute(name) !== String(value)) on.setAttribute(name, value === true ? "" : value);
  }
}

/** Leaves the node alone when nothing changes, so that live regions stay quiet. */
export function setText(on: HTMLElement, text: string): void {
  if (on.textContent !== text) on.textContent = text;
}
