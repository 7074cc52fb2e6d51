// The conversation, as a log that screen readers read out as it grows. Rows are kept by message id and only
// their changes touched, so that nothing is read twice and what is being read never moves.
import type { Line } from "./conversation.ts";
import { element, icon, set, setText } from "./dom.ts";
import { toJson } from "./json.ts";
import { LOCALE, say } from "./words.ts";

const CLOCK = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2";
const TICK = "M5 12.5l4.5 4.5L19 7.5";
const EXCLAMATION = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 8v5M12 16v.01";
const AT_END_WITHIN_PX = 48;

export interface Shown {
  lines: Line[];
  shopName: string;
  isOffline: boolean;
  isTrimmed: boolean;
  /** The longest message that the shop takes. */
  limit: number;
}

export class MessageList {
  readonly box: HTMLElement;
  onRetry: (id: string) => void = () => {};
  onEdit: (line: Line) => void = () => {};
  readonly #log: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #trimmed: HTMLElement;
  /** Reads out what happened to messages that stand there already: the log speaks of new ones only. */
  readonly #changed = element("p", { class: "unseen", role: "status" });
  readonly #below: HTMLButtonElement;
  readonly #rows = new Map<string, Row>();
  #unseen = 0;
  /** Whether the newest message is in sight, and is to stay so when the log gets lower. */
  #isFollowing = true;

  constructor() {
    this.#empty = element("p", { class: "hint" }, say("empty"));
    this.#trimmed = element("p", { class: "hint" }, say("older-not-shown"));
    this.#log = element("div", {
      class: "log",
      role: "log",
      tabindex: "0",
      "aria-live": "polite",
      "aria-relevant": "additions",
      "aria-label": say("messages"),
    });
    this.#below = element("button", { type: "button", class: "below", hidden: true });
    this.box = element("div", { class: "messages" }, this.#empty, this.#log, this.#changed, this.#below);
    this.#below.addEventListener("click", () => {
      this.#log.focus();
      this.scrollToEnd();
    });
    this.#log.addEventListener("scroll", () => {
      this.#isFollowing = this.#isAtEnd();
      if (this.#isFollowing) this.#sawAll();
    });
    // The field grows, a bar appears, a keyboard comes up.
    new ResizeObserver(() => this.#isFollowing && this.scrollToEnd()).observe(this.#log);
  }

  show(shown: Shown): void {
    const wasAtEnd = this.#isAtEnd();
    const isFirst = this.#rows.size === 0;
    set(this.#empty, { hidden: shown.lines.length > 0 });
    if (shown.isTrimmed && !this.#trimmed.isConnected) this.#log.prepend(this.#trimmed);
    this.#dropAllBut(shown.lines);
    const first = shown.isTrimmed ? 1 : 0;
    let arrived = 0;
    let previous: Row | null = null;
    shown.lines.forEach((line, index) => {
      const row = this.#rows.get(line.id) ?? this.#add(line.id);
      const happened = row.update(line, shown);
      if (line.from !== "customer" && happened === "arrived") arrived += 1;
      if (line.from !== "customer" && happened === "changed") this.#tell(line, row.who);
      row.follow(previous);
      previous = row;
      const inPlace = this.#log.children[index + first];
      if (inPlace !== row.box) this.#log.insertBefore(row.box, inPlace ?? null);
    });
    if (wasAtEnd || isFirst) return this.scrollToEnd();
    this.#unseen += arrived;
    this.#showUnseen();
  }

  scrollToEnd(): void {
    this.#isFollowing = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#sawAll();
  }

  #add(id: string): Row {
    const row = new Row(this);
    this.#rows.set(id, row);
    return row;
  }

  #tell({ text, deleted }: Line, who: string): void {
    setText(this.#changed, "");
    setText(this.#changed, deleted ? say("message-deleted", { who }) : say("message-edited", { who, text }));
  }

  #dropAllBut(lines: Line[]): void {
    const kept = new Set(lines.map((line) => line.id));
    for (const [id, row] of this.#rows) {
      if (kept.has(id)) continue;
      row.box.remove();
      this.#rows.delete(id);
    }
  }

  #isAtEnd(): boolean {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight <= AT_END_WITHIN_PX;
  }

  #sawAll(): void {
    this.#unseen = 0;
    this.#showUnseen();
  }

  #showUnseen(): void {
    if (this.#unseen > 0) setText(this.#below, say("new-below", { count: this.#unseen }));
    set(this.#below, { hidden: this.#unseen === 0 });
  }
}

/** One message. */
class Row {
  readonly box = element("div", { class: "message" });
  readonly #head: HTMLElement;
  readonly #who = element("span", { dir: "auto" });
  readonly #text = element("p", { class: "text", dir: "auto" });
  readonly #time = element("time", { dir: "auto" });
  readonly #state = element("p", { class: "state" });
  readonly #actions: HTMLElement;
  #line: Line | null = null;
  #shown = "";

  constructor(list: MessageList) {
    const retry = element("button", { type: "button" }, say("retry"));
    const edit = element("button", { type: "button" }, say("edit"));
    retry.addEventListener("click", () => this.#line && list.onRetry(this.#line.id));
    edit.addEventListener("click", () => this.#line && list.onEdit(this.#line));
    this.#actions = element("div", { class: "actions" }, retry, edit);
    this.#head = element("p", { class: "head" }, this.#who, this.#time);
    this.box.append(this.#head, this.#text, this.#state);
  }

  /** The same sender in the same minute: the eye needs no second head. */
  follow(previous: Row | null): void {
    const follows = previous !== null && previous.#head.textContent === this.#head.textContent;
    set(this.box, { "data-follows": follows });
    set(this.#head, { class: follows ? "unseen" : "head" });
  }

  get who(): string {
    return this.#who.textContent;
  }

  /** `arrived`: it is shown for the first time. `changed`: it says something else now, or nothing. */
  update(line: Line, { shopName, isOffline, limit }: Shown): "arrived" | "changed" | null {
    const was = this.#line;
    this.#line = line;
    const [path, words] = stateOf(line, isOffline, limit);
    const shown = toJson([line, words, shopName]);
    if (shown === this.#shown) return null;
    this.#shown = shown;

    const isOwn = line.from === "customer";
    const isRefused = line.state === "too-long" || line.state === "other";
    set(this.box, { "data-own": isOwn, "data-state": line.state, "data-deleted": line.deleted === true });
    setText(this.#who, isOwn ? say("you") : line.name || shopName);
    setText(this.#text, line.deleted ? say("deleted") : line.text);
    const at = new Date(line.at);
    set(this.#time, { datetime: Number.isNaN(at.getTime()) ? "" : at.toISOString() });
    setText(this.#time, whenOf(at));
    if (isOwn) this.#state.replaceChildren(icon(path), element("span", {}, words));
    else setText(this.#state, line.edited && !line.deleted ? say("edited") : "");
    if (isRefused) this.box.append(this.#actions);
    else this.#actions.remove();
    if (!was) return "arrived";
    return was.text !== line.text || was.deleted !== line.deleted ? "changed" : null;
  }
}

function stateOf(line: Line, isOffline: boolean, limit: number): [path: string, words: string] {
  switch (line.state) {
    case "waiting":
      return [CLOCK, isOffline ? say("waiting") : say("sending")];
    case "too-long":
      return [EXCLAMATION, say("refused-too-long", { limit })];
    case "other":
      return [EXCLAMATION, say("refused")];
    default:
      return [TICK, say("sent")];
  }
}

/** The time; the day too unless it is today. In the language of the words and the browser's zone. */
function whenOf(at: Date): string {
  if (Number.isNaN(at.getTime())) return "";
  const isToday = at.toDateString() === new Date().toDateString();
  const format: Intl.DateTimeFormatOptions = isToday ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(LOCALE, { ...format, hour: "numeric", minute: "2-digit" }).format(at);
}
