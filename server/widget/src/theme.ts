// Light or dark: as the page says in the `theme` attribute of its <shopbell-chat>, else as the visitor's system.

const DARK = "(prefers-color-scheme: dark)";

/** Call on each change of the attribute. */
export function isDark(theme: string | null): boolean {
  return theme === "dark" || (theme !== "light" && window.matchMedia(DARK).matches);
}

export function onSystemTheme(change: () => void): void {
  window.matchMedia(DARK).addEventListener("change", change);
}
