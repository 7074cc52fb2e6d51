// The text field: grows to six lines, Enter sends, says before sending when the text is too long, and keeps
// what was typed and not sent.
import type { Chat } from "./chat.ts";
import { element, icon, set, setText } from "./dom.ts";
import { say } from "./words.ts";

const ARROW_UP = "M12 19V5M5 12l7-7 7 7";
/** The counter appears once this few characters are left. */
const COUNTER_FROM_CHARS = 100;

export class Composer {
  readonly form: HTMLFormElement;
  readonly field: HTMLTextAreaElement;
  onSent: () => void = () => {};
  readonly #send: HTMLButtonElement;
  readonly #counter: HTMLElement;
  readonly #chat: Chat;
  /** Says once that the text is too long; the counter itself would speak at each key. */
  readonly #announcer = element("p", { class: "unseen", role: "status" });
  #isOver = false;

  constructor(chat: Chat) {
    this.#chat = chat;
    this.field = element("textarea", {
      rows: "1",
      dir: "auto",
      "aria-label": say("field"),
      "aria-describedby": "counter",
      placeholder: say("placeholder"),
    });
    this.#send = element("button", { class: "send", "aria-label": say("send") }, icon(ARROW_UP));
    this.#counter = element("p", { id: "counter", class: "counter" });
    const entry = element("div", { class: "entry" }, this.field, this.#send);
    this.form = element("form", {}, this.#counter, this.#announcer, entry);
    this.field.value = chat.draft;
    this.#listen();
    this.update();
  }

  /** Puts a refused message back into the field, before what stands there. */
  take(text: string): void {
    const typed = this.field.value;
    this.field.value = typed ? `${text}\n${typed}` : text;
    this.#typed();
    this.field.focus();
  }

  /** A key went down in the field. */
  key(event: KeyboardEvent): void {
    // Enter that ends a choice in an input method is not "send"; Safari says so only by the key code.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  /** The limit or the width may have changed. */
  update(): void {
    const text = this.field.value;
    const left = this.#chat.charactersLeft(text);
    const isOver = left < 0;
    const words = isOver ? say("characters-over", { count: -left }) : say("characters-left", { count: left });
    setText(this.#counter, left > COUNTER_FROM_CHARS ? "" : words);
    set(this.#counter, { "data-over": isOver });
    set(this.field, { "aria-invalid": isOver ? "true" : "false" });
    if (isOver !== this.#isOver) setText(this.#announcer, isOver ? words : "");
    this.#isOver = isOver;
    this.#send.disabled = isOver || text.trim() === "";
    this.#grow();
  }

  #listen(): void {
    this.field.addEventListener("input", () => this.#typed());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  #typed(): void {
    this.#chat.saveDraft(this.field.value);
    this.update();
  }

  #submit(): void {
    if (!this.#chat.send(this.field.value)) return;
    this.field.value = "";
    this.#typed();
    this.field.focus();
    this.onSent();
  }

  /** The style sheet ends the growth at six lines. */
  #grow(): void {
    this.field.style.height = "auto";
    const border_px = this.field.offsetHeight - this.field.clientHeight;
    if (this.field.scrollHeight > 0) this.field.style.height = `${this.field.scrollHeight + border_px}px`;
  }
}
