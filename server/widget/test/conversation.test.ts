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
  nextToResend,
  resendDropped,
  serverRestored,
  sessionBegan,
  sessionEnded,
  type Conversation,
  type EventPage,
  type Message,
} from "../src/conversation.ts";

const session = { id: "s1", token: "t1", epoch: "e1" };
const begun = sessionBegan(EMPTY, session);

function page(from: number, ...said: [id: string, who: "customer" | "staff"][]): EventPage {
  const events = said.map(([id, from_], index) => {
    return {
      n: from + index,
      place: from + index,
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
  const again = sessionBegan({ ...old, session: null }, { ...session, token: "t2" });
  assert.deepEqual(ids(eventsCame(again, page(1, ["c", "customer"]))), ["a", "b", "c"]);
});

test("an old token's end does not end a newer session", () => {
  assert.equal(sessionEnded(begun, "t0"), begun);
  assert.equal(sessionEnded(begun, "t1").session, null);
});

const restored = { ...session, epoch: "e2" };

/** `page` of one message, changed. */
function revised(n: number, place: number, id: string, change: Partial<Message>): EventPage {
  const [event] = page(n, [id, "staff"]).events;
  const message = { ...event!.message, ...change };
  return { epoch: "e1", events: [{ n, place, message }], next: n, more: false };
}

function texts({ messages }: Conversation): string[] {
  return messages.map(({ text, edited, deleted }) => {
    if (deleted) return "(deleted)";
    return edited ? `${text} (edited)` : text;
  });
}

test("an edited or deleted message says so in its old place, whatever order the pages come in", () => {
  const first = page(1, ["a", "staff"], ["b", "staff"], ["c", "customer"]);
  const edit = revised(4, 1, "a", { text: "better", edited: true });
  const deletion = revised(5, 2, "b", { text: "", deleted: true });
  for (const pages of [
    [first, edit, deletion],
    [deletion, edit, first],
    [edit, first, deletion, edit, first],
  ]) {
    const heard = pages.reduce(eventsCame, begun);
    assert.deepEqual(ids(heard), ["a", "b", "c"]);
    assert.deepEqual(texts(heard), ["better (edited)", "(deleted)", "text of c"]);
  }
});

test("a deleted message is not unread, and the one before it is no news", () => {
  const heard = eventsCame(begun, page(1, ["a", "staff"], ["b", "staff"]));
  const now = eventsCame(heard, revised(3, 2, "b", { deleted: true }));
  assert.equal(countUnread(now, ""), 1);
  assert.equal(newestReceived(now), newestReceived(heard));
});

test("after a restore everything stays as it was shown, and one's own messages are to go again", () => {
  const before = eventsCame(begun, page(1, ["a", "customer"], ["b", "staff"], ["c", "customer"]));
  const now = serverRestored(before, restored);
  assert.deepEqual(now.resend, ["a", "c"]);
  assert.equal(now.next, 0);
  assert.equal(serverRestored(now, restored), now, "two tabs hear of it");
  assert.deepEqual(linesOf(now, []), linesOf(before, []));

  // It has lost "b" and "c", and stores "c" anew; what is new comes last.
  const heard = eventsCame(now, page(1, ["a", "customer"], ["c", "customer"], ["d", "staff"]));
  assert.deepEqual(linesOf(heard, []).slice(0, 3), linesOf(before, []));
  assert.deepEqual(ids(heard), ["a", "b", "c", "d"]);
});

test("each own message goes again until the server has answered, in order, also after a second restore", () => {
  const before = eventsCame(begun, page(1, ["a", "customer"], ["c", "customer"]));
  const first = serverRestored(before, restored);
  assert.equal(nextToResend(first)!.id, "a");
  const told = messagePosted(first, { id: "a", text: "text of a", at: 1 }, 1);
  assert.equal(nextToResend(told)!.id, "c");
  const all = resendDropped(told, "c");
  assert.equal(nextToResend(all), undefined);
  assert.deepEqual(serverRestored(all, { ...session, epoch: "e3" }).resend, ["a", "c"]);
});

test("what was taken back stays away when a restored server brings it again; what was changed since is heard", () => {
  const edit = revised(3, 1, "a", { text: "better", edited: true });
  const deletion = revised(4, 2, "b", { text: "", deleted: true });
  const before = [page(1, ["a", "staff"], ["b", "staff"]), edit, deletion].reduce(eventsCame, begun);
  const again = eventsCame(serverRestored(before, restored), page(1, ["a", "staff"], ["b", "staff"]));
  assert.deepEqual(texts(again), ["better (edited)", "(deleted)"]);
  const latest = revised(4, 1, "a", { text: "best", edited: true });
  const early = revised(3, 1, "a", { text: "good", edited: true });
  assert.deepEqual(texts([latest, early].reduce(eventsCame, again)), ["best (edited)", "(deleted)"]);
  assert.deepEqual(ids([latest, early].reduce(eventsCame, again)), ["a", "b"]);
});

test("a lost session that is given again is the same conversation; so is one that replaces it", () => {
  const before = eventsCame(begun, page(1, ["a", "customer"]));
  const lost = sessionEnded(before, "t1");
  assert.deepEqual(lost.lost, session);
  for (const answer of [restored, { id: "s2", token: "t2", epoch: "e2" }]) {
    const again = sessionBegan(lost, answer);
    assert.deepEqual(again.resend, ["a"]);
    assert.deepEqual([again.session, again.lost], [answer, null]);
    assert.equal(sessionBegan(again, { id: "s3", token: "t3", epoch: "e2" }), again, "the first answer counts");
  }
});

test("what was let go does not come back behind what is kept when a restored server is read again", () => {
  const all = Array.from({ length: MESSAGES_KEPT + 5 }, (_, index): [string, "staff"] => {
    return [`m${index}`, "staff"];
  });
  const before = eventsCame(begun, page(1, ...all));
  const heard = eventsCame(serverRestored(before, restored), page(1, ...all));
  assert.deepEqual(ids(heard), ids(before));
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
