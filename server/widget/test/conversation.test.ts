import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countUnread,
  EMPTY,
  eventsCame,
  linesOf,
  messagePosted,
  MESSAGES_KEPT,
  newestReceived,
  serverRestored,
  sessionBegan,
  sessionEnded,
  type Conversation,
  type EventPage,
} from "../src/conversation.ts";

const session = { id: "s1", token: "t1", epoch: "e1" };
const begun = sessionBegan(EMPTY, session);

function page(from: number, ...said: [id: string, who: "customer" | "staff"][]): EventPage {
  const events = said.map(([id, from_], index) => {
    return {
      n: from + index,
      message: { id, from: from_, text: `text of ${id}`, at: 1_000 * (from + index) },
    };
  });
  return { epoch: "e1", events, next: from + said.length - 1, more: false };
}

const ids = (conversation: Conversation) => conversation.messages.map(({ id }) => id);

test("pages that overlap, come twice or out of order give the same conversation", () => {
  const one = page(1, ["a", "customer"], ["b", "staff"]);
  const two = page(2, ["b", "staff"], ["c", "staff"]);
  const straight = [one, two].reduce(eventsCame, begun);
  const crooked = [two, one, two, one].reduce(eventsCame, begun);
  assert.deepEqual(straight, crooked);
  assert.deepEqual(ids(straight), ["a", "b", "c"]);
  assert.equal(straight.next, 3);
});

test("the server's word about one's own message replaces the browser's", () => {
  const posted = messagePosted(begun, { id: "a", text: "text of a", at: 5 }, 1);
  const heard = eventsCame(posted, page(1, ["a", "customer"]));
  assert.deepEqual(ids(heard), ["a"]);
  assert.equal(heard.messages[0]!.at, 1_000);
  assert.equal(messagePosted(heard, { id: "a", text: "text of a", at: 5 }, 1), heard);
});

test("posting a message never skips what came before it", () => {
  const posted = messagePosted(eventsCame(begun, page(1, ["a", "staff"])), { id: "c", text: "c", at: 5 }, 3);
  assert.equal(posted.next, 1);
  assert.deepEqual(ids(eventsCame(posted, page(2, ["b", "staff"]))), ["a", "b", "c"]);
});

test("a new session comes after the old one, whose numbers start again", () => {
  const old = eventsCame(begun, page(1, ["a", "customer"], ["b", "staff"]));
  const again = sessionBegan(sessionEnded(old, "t1"), { ...session, token: "t2" });
  assert.deepEqual(ids(eventsCame(again, page(1, ["c", "customer"]))), ["a", "b", "c"]);
});

test("an old token's end does not end a newer session", () => {
  assert.equal(sessionEnded(begun, "t0"), begun);
  assert.equal(sessionEnded(begun, "t1").session, null);
});

test("after a restore one's own messages go again under their ids and the rest stays", () => {
  const before = eventsCame(begun, page(1, ["a", "customer"], ["b", "staff"], ["c", "customer"]));
  const { now, resend } = serverRestored(before, { ...session, epoch: "e2" });
  assert.deepEqual(
    resend.map(({ id, text }) => [id, text]),
    [
      ["a", "text of a"],
      ["c", "text of c"],
    ],
  );
  assert.deepEqual(ids(now), ["b"]);
  assert.equal(now.next, 0);
  assert.deepEqual(ids(eventsCame(now, page(1, ["a", "customer"], ["b", "staff"]))), ["a", "b"]);
});

test("what waits stands last, in the order in which it was written", () => {
  const heard = eventsCame(begun, page(1, ["a", "staff"]));
  const lines = linesOf(heard, [
    { id: "x", text: "x", at: 1, refused: "too-long" },
    { id: "y", text: "y", at: 2 },
  ]);
  assert.deepEqual(
    lines.map(({ id, state }) => [id, state]),
    [
      ["a", "received"],
      ["x", "too-long"],
      ["y", "waiting"],
    ],
  );
});

test("unread is what the shop wrote after the last message seen", () => {
  const heard = eventsCame(begun, page(1, ["a", "staff"], ["b", "customer"], ["c", "staff"]));
  assert.equal(countUnread(heard, ""), 2);
  assert.equal(countUnread(heard, "a"), 1);
  assert.equal(countUnread(heard, newestReceived(heard)), 0);
});

test("only the newest messages are kept, and that is known", () => {
  const many = Array.from({ length: MESSAGES_KEPT + 5 }, (_, index): [string, "staff"] => [
    `m${index}`,
    "staff",
  ]);
  const heard = eventsCame(begun, page(1, ...many));
  assert.equal(heard.messages.length, MESSAGES_KEPT);
  assert.equal(heard.messages[0]!.id, "m5");
  assert.equal(heard.trimmed, true);
  assert.equal(begun.trimmed, false);
});
