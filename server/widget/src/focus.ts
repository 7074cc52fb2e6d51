// Keeps Tab within the panel while it is open.

const FOCUSABLE = "button, textarea, [tabindex='0']";

/** Call on each keydown within `panel`. */
export function trapTab(event: KeyboardEvent, panel: HTMLElement, root: ShadowRoot): void {
  if (event.key !== "Tab") return;
  const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (stop) => !stop.matches(":disabled") && stop.getClientRects().length > 0,
  );
  const first = stops[0];
  const last = stops.at(-1);
  const at = root.activeElement;
  if (event.shiftKey && at === first) moveTo(last);
  else if (!event.shiftKey && at === last) moveTo(first);

  function moveTo(stop: HTMLElement | undefined): void {
    event.preventDefault();
    stop?.focus();
  }
}
