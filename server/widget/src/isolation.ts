// Keeps what is done in the widget from the page's scripts: shortcuts of a single key, scripts that hold the focus
// in a box of their own, and those that scroll in the browser's place. They see <shopbell-chat> as the target,
// not a text field, and so do not know that they should keep out.

const KEYS = ["keydown", "keypress", "keyup"] as const;
const OTHERS = [
  "beforeinput",
  "input",
  "copy",
  "cut",
  "paste",
  "focusin",
  "focusout",
  "wheel",
  "touchstart",
  "touchmove",
];

/** Keys are caught on their way in, before a listener of the document: the widget hears them by `onKeyDown` alone. */
export function isolate(widget: HTMLElement, onKeyDown: (event: KeyboardEvent) => void): void {
  for (const type of KEYS) {
    window.addEventListener(
      type,
      (event) => {
        if (!event.composedPath().includes(widget)) return;
        event.stopImmediatePropagation();
        if (type === "keydown") onKeyDown(event);
      },
      { capture: true },
    );
  }
  for (const type of OTHERS) {
    widget.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  }
}
