"""The story of story.md in Python: the compiled library through its generated face. Run by `scripts/test ffi`."""

import asyncio
import gc
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOPBELL = ROOT / "target" / "debug" / "shopbell"
sys.path.insert(0, str(ROOT / "target" / "bindings" / "python"))

import shopbell_ffi as core  # noqa: E402

PASSWORD = "a-long-enough-password"
DEADLINE_S = 20


def step(sentence):
    """Says which step begins: the last that was said is the one that failed."""
    print("  " + sentence, flush=True)


class Server:
    """`shopbell serve` on a folder of its own, with one shop and two people."""

    def __init__(self, folder):
        self.data = folder
        self.key = self.add_shop("Juniper & Clay")
        self.admin("staff", "add", "--name", "Mina", "--email", "mina@juniper.example", "--owner")
        self.add_theo()
        self.start("127.0.0.1:0")

    def admin(self, *words):
        command = [SHOPBELL, "admin", "--data", self.data, *words]
        return subprocess.run(command, input=PASSWORD, text=True, capture_output=True, check=True).stdout

    def add_shop(self, name):
        """Answers its public key."""
        return next(word for word in self.admin("shop", "add", "--name", name).split() if word.startswith("pk_"))

    def shop_id(self, name):
        return next(line.split()[0] for line in self.admin("shop", "list").splitlines() if name in line)

    def add_theo(self, *where):
        self.admin(
            "staff", "add", "--name", "Theo", "--email", "theo@juniper.example",
            "--permission", "chat", "--permission", "customers", *where,
        )

    def start(self, listen):
        self.process = subprocess.Popen(
            [SHOPBELL, "serve", "--data", self.data, "--listen", listen],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        self.address = self.process.stdout.readline().split()[-1]

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE_S)
        self.process.stdout.close()

    def start_again(self):
        """At the address that it had."""
        self.start(self.address.removeprefix("http://"))


class Ana:
    """A customer in the web chat, by its own protocol."""

    def __init__(self, server):
        self.server = server
        answer = self.call("POST", "/chat/v1/sessions", {"key": server.key, "name": "Ana"})
        self.token = answer["token"]

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"}
        if getattr(self, "token", None):
            headers["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(
            self.server.address + path, method=method, headers=headers,
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=DEADLINE_S) as response:
            return json.load(response)

    def writes(self, text):
        self.call("POST", "/chat/v1/messages", {"id": str(uuid.uuid4()), "text": text, "client_ts": 0})

    def reads(self):
        """What stands in her chat: who wrote, and what."""
        events = self.call("GET", "/chat/v1/events?after=0")["events"]
        return [(event["message"]["from"], event["message"]["text"]) for event in events]


class Heard:
    """What a listener has heard so far, one state a call."""

    def __init__(self):
        self.states, self.calls = queue.Queue(), 0

    def hear(self, state):
        self.calls += 1
        self.states.put(state)

    def until(self, wanted):
        """The first state that is as wanted, of those that no earlier call has looked at."""
        while not wanted(state := self.states.get(timeout=DEADLINE_S)):
            pass
        return state


class Rows(core.InboxListener, core.ConversationListener):
    """A list as a phone's screen keeps it."""

    def __init__(self):
        self.rows, self.heard, self.first = [], Heard(), None

    def on_diffs(self, diffs):
        self.first = self.first or diffs
        for diff in diffs:
            if diff.is_RESET():
                self.rows = list(diff.rows)
            elif diff.is_INSERT():
                self.rows.insert(diff.index, diff.row)
            elif diff.is_SET():
                self.rows[diff.index] = diff.row
            elif diff.is_REMOVE():
                del self.rows[diff.index]
            else:
                self.rows.insert(diff.to, self.rows.pop(diff._from))  # `from` is a word of Python itself
        self.heard.hear(list(self.rows))

    def until(self, wanted):
        return self.heard.until(wanted)


class Statuses(core.StatusListener):
    def __init__(self):
        self.heard = Heard()

    def on_status(self, status):
        self.heard.hear(status)


class Counts(core.CountsListener):
    def __init__(self):
        self.heard = Heard()

    def on_counts(self, counts):
        self.heard.hear(counts)


class Customers(core.CustomerListener):
    def __init__(self):
        self.heard = Heard()

    def on_customer(self, customer):
        self.heard.hear(customer)


class Stage(unittest.TestCase):
    """A server, and the folders of Theo's devices: one for each test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = Server(self.folder / "server")
        self.addCleanup(lambda: self.server.stop())

    def open(self, device="phone", offline=False):
        return core.ShopbellApp.open(core.OpenOptions(
            folder=str(self.folder / device), device_name=device, platform="python", language="en", offline=offline,
        ))

    def sign_in(self, app, password=PASSWORD, address=None, shop=None):
        return asyncio.run(app.sign_in(address or self.server.address, "theo@juniper.example", password, shop))

    def signed_in(self, device="phone"):
        theo = self.open(device)
        self.sign_in(theo)
        return theo

    def inbox(self, theo):
        return theo.inbox(core.InboxFilter.ALL, 50)

    def hers(self, theo, text):
        """The conversation whose newest message is Ana's `text`, once it is here."""
        rows = Rows()
        subscription = self.inbox(theo).subscribe(rows)
        row = rows.until(lambda rows: rows and rows[0].preview == text)[0]
        subscription.cancel()
        return theo.conversation(row.id)

    def assert_silent(self, theo, ana, rows):
        """Ana writes; a new subscription hears it, and `rows` does not."""
        heard = rows.heard.calls
        ana.writes("Anybody there?")
        self.hers(theo, "Anybody there?")
        self.assertEqual(rows.heard.calls, heard)


class Story(Stage):
    def test_a_reply_from_the_first_word_to_the_last(self):
        step("Nobody is signed in")
        theo = self.open()
        self.assertIsNone(theo.account())

        step("Theo signs in")
        account = self.sign_in(theo)
        self.assertEqual((account.shop_name, account.staff_name), ("Juniper & Clay", "Theo"))
        self.assertEqual(theo.account(), account)

        step("The rows are there before subscribe returns")
        rows = Rows()
        subscription = self.inbox(theo).subscribe(rows)
        self.assertTrue(rows.first[0].is_RESET())
        self.assertEqual(rows.first[0].rows, [])

        step("Ana writes, and hers is the newest row")
        ana = Ana(self.server)
        ana.writes("Is the blue one back in stock?")
        row = rows.until(lambda rows: rows and rows[0].unread == 1)[0]
        self.assertEqual((row.name, row.preview), ("Ana", "Is the blue one back in stock?"))

        step("Theo's reply is shown at once, then sent")
        conversation = theo.conversation(row.id)
        message = conversation.composer().send("Yes, since today!")
        self.assertEqual([row.id for row in conversation.view().rows].count(message), 1)
        conversation.mark_read()
        asyncio.run(theo.sync())
        rows.until(lambda rows: rows[0].waiting == 0 and rows[0].unread == 0)

        step("Ana reads it")
        self.assertEqual(ana.reads(), [
            ("customer", "Is the blue one back in stock?"), ("staff", "Yes, since today!"),
        ])

        step("Theo takes the conversation, closes it and opens it again")
        me = next(staff for staff in theo.staff() if staff.me)
        conversation.assign(me.id)
        self.assertEqual(conversation.view().head.assignee.name, "Theo")
        conversation.mark_closed()
        self.assertEqual(conversation.view().head.status, core.ConversationStatus.CLOSED)
        conversation.reopen()
        self.assertEqual(conversation.view().head.status, core.ConversationStatus.OPEN)

        step("After cancel, nothing comes")
        subscription.cancel()
        subscription.cancel()
        self.assert_silent(theo, ana, rows)

    def test_a_conversation_on_the_screen(self):
        theo, ana = self.signed_in(), Ana(self.server)
        ana.writes("Do you ship to Taipei?")
        conversation = self.hers(theo, "Do you ship to Taipei?")

        step("Its messages are there before subscribe returns")
        rows = Rows()
        subscription = conversation.subscribe(rows)
        self.assertTrue(rows.first[0].is_RESET())
        self.assertEqual([row.content.text for row in rows.first[0].rows], ["Do you ship to Taipei?"])

        step("What Ana writes is a new row")
        ana.writes("By Friday?")
        new = rows.until(lambda rows: len(rows) == 2)[1]
        self.assertEqual((new.content.text, new.content.author), ("By Friday?", core.Author.CUSTOMER))

        step("Theo's reply keeps its row from waiting to sent")
        message = conversation.composer().send("By Thursday.")
        rows.until(lambda rows: len(rows) == 3 and rows[2].id == message and rows[2].content.state.is_WAITING())
        rows.until(lambda rows: len(rows) == 3 and rows[2].id == message and rows[2].content.state.is_SENT())

        step("After cancel, nothing comes")
        subscription.cancel()
        self.assert_silent(theo, ana, rows)

    def test_sorting_noting_and_taking_back(self):
        theo = self.signed_in()
        Ana(self.server).writes("Do you ship to Lyon?")
        conversation = self.hers(theo, "Do you ship to Lyon?")
        lyon = conversation.id()
        counts = Counts()
        counting = theo.subscribe_counts(counts)

        step("Theo stars the conversation, and once is enough")
        self.assertIsNotNone(conversation.star())
        self.assertIsNone(conversation.star())
        self.assertTrue(conversation.view().head.starred)

        step("He adds a tag and a note, changes the note, and sees them settle")
        customer, customers = conversation.customer(), Customers()
        subscription = customer.subscribe(customers)
        customer.add_tag("VIP")
        note = customer.add_note("Lives in Lyon.")
        customer.edit_note(note, "Lives near Lyon.")
        settled = customers.heard.until(lambda now: [
            (note.text, note.waiting) for note in now.notes] == [("Lives near Lyon.", False)] and now.tags == ["VIP"])
        self.assertEqual((settled.name, settled.notes[0].id, settled.notes[0].author), ("Ana", note, "Theo"))
        subscription.cancel()

        step("The filters list it, and the counts say so")
        Ana(self.server).writes("Do you ship to Porto?")
        porto = self.hers(theo, "Do you ship to Porto?").id()
        starred = core.InboxQuery(filter=core.InboxFilter.STARRED)
        tagged = core.InboxQuery(filter=core.InboxFilter.ALL, tag="vip")
        for query in (starred, tagged):
            self.assertEqual([row.id for row in theo.inbox_with(query).rows()], [lyon])
        oldest = core.InboxQuery(filter=core.InboxFilter.ALL, sort=core.InboxSort.OLDEST)
        self.assertEqual([row.id for row in theo.inbox_with(oldest).rows()], [lyon, porto])
        now = counts.heard.until(lambda now: now.all == 2 and now.unread == 2)
        self.assertEqual((now.starred, now.unassigned, now.closed), (1, 2, 0))
        self.assertEqual(theo.counts(), now)
        self.assertEqual([channel.channel for channel in now.channels], [channel.id for channel in theo.channels()])
        counting.cancel()

        step("What is read moves below what is not, and back")
        rows = Rows()
        watching = self.inbox(theo).subscribe(rows)
        self.assertEqual([row.id for row in rows.rows], [porto, lyon])
        theo.conversation(porto).mark_read()
        rows.until(lambda rows: [row.id for row in rows] == [lyon, porto])
        theo.conversation(porto).mark_unread()
        rows.until(lambda rows: [row.id for row in rows] == [porto, lyon] and rows[0].marked_unread)
        watching.cancel()

        step("What he begins to write here is there on his other device")
        conversation.composer().set_draft("We do, in two")
        self.assertEqual(conversation.view().head.preview, "Draft: We do, in two")
        tablet, there = self.signed_in("tablet"), Rows()
        watching = self.inbox(tablet).subscribe(there)
        there.until(lambda rows: "Draft: We do, in two" in [row.preview for row in rows])
        watching.cancel()
        self.assertEqual(tablet.conversation(lyon).composer().draft(), "We do, in two")

        step("Several are closed at once, and that is taken back")
        changes = theo.bulk([lyon, porto], core.BulkAction.CLOSE())
        self.assertEqual(len(changes), 2)
        self.assertEqual(self.inbox(theo).rows(), [])
        theo.undo(changes)
        self.assertEqual({row.id for row in self.inbox(theo).rows()}, {lyon, porto})
        asyncio.run(theo.sync())
        self.assertEqual(theo.outbox(), [])

        step("With one that is unknown, nothing is changed")
        with self.assertRaises(core.CoreError.NotFound):
            theo.bulk([porto, str(uuid.uuid4())], core.BulkAction.STAR())
        self.assertEqual([row.id for row in theo.inbox_with(starred).rows()], [lyon])

    def test_searching(self):
        theo, ana = self.signed_in(), Ana(self.server)
        for text in ("Is the blue scarf back?", "有沒有藍色的圍巾？"):
            ana.writes(text)
        self.hers(theo, "有沒有藍色的圍巾？")

        def finds(typed):
            """The lines that a search shows, with [] around what is marked."""
            return [
                "".join(f"[{part.text}]" if part.marked else part.text for part in hit.excerpt)
                for group in theo.search(core.SearchQuery(text=typed)).groups for hit in group.hits
            ]

        step("A message is found while its word is typed, and the word is marked")
        for typed, line in (("sca", "Is the blue [sca]rf back?"), ("scarf", "Is the blue [scarf] back?")):
            self.assertEqual(finds(typed), [line])
        self.assertEqual(finds("scart"), [])

        step("Two Chinese characters are found")
        self.assertEqual(finds("圍巾"), ["有沒有藍色的[圍巾]？"])

        step("A name is found from its first letter")
        self.assertEqual(finds("a"), ["[A]na"])

        step("The server is asked for what is older")
        asyncio.run(theo.sync())
        page = asyncio.run(theo.search_older("scarf", None))
        self.assertEqual((page.conversations, page.next), (1, None))

    def test_offline_then_online(self):
        theo, ana = self.signed_in(), Ana(self.server)
        ana.writes("Do you wrap gifts?")
        conversation = self.hers(theo, "Do you wrap gifts?")
        statuses = Statuses()
        subscription = theo.subscribe_status(statuses)

        step("While the server is away, what Theo writes waits, and the status says so")
        self.assertGreaterEqual(statuses.heard.calls, 1)
        self.server.stop()
        message = conversation.composer().send("We do.")
        statuses.heard.until(lambda status: status.state == core.SyncState.OFFLINE and status.waiting == 1)

        step("It waits after a restart, too")
        conversation_id = conversation.id()
        del theo, conversation, subscription
        gc.collect()
        theo = self.open(offline=True)
        last = theo.conversation(conversation_id).view().rows[-1]
        self.assertEqual((last.id, last.content.text), (message, "We do."))
        self.assertTrue(last.content.state.is_WAITING())
        self.assertEqual([row.text for row in theo.outbox()], ["We do."])
        del theo
        gc.collect()

        step("The server is back, and Ana reads it once")
        self.server.start_again()
        theo, statuses = self.open(), Statuses()
        subscription = theo.subscribe_status(statuses)
        theo.start()
        statuses.heard.until(lambda status: status.state == core.SyncState.UP_TO_DATE and status.waiting == 0)
        self.assertEqual(ana.reads(), [("customer", "Do you wrap gifts?"), ("staff", "We do.")])
        subscription.cancel()

    def test_a_subscription_that_nobody_holds(self):
        theo, rows = self.signed_in(), Rows()
        subscription = self.inbox(theo).subscribe(rows)

        step("It is let go without cancel, and nothing comes")
        del subscription
        gc.collect()
        self.assert_silent(theo, Ana(self.server), rows)

    def test_a_call_that_nobody_waits_for(self):
        theo, statuses = self.open(), Statuses()
        subscription = theo.subscribe_status(statuses)

        step("Theo gives up on signing in, and is signed in all the same")

        async def give_up():
            call = asyncio.create_task(theo.sign_in(self.server.address, "theo@juniper.example", PASSWORD, None))
            await asyncio.sleep(0)  # it has begun
            call.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await call

        asyncio.run(give_up())
        statuses.heard.until(lambda status: status.state == core.SyncState.UP_TO_DATE)
        self.assertEqual(theo.account().staff_name, "Theo")
        subscription.cancel()

    def test_an_error_of_each_kind(self):
        theo = self.open()

        step("NotSignedIn")
        with self.assertRaises(core.CoreError.NotSignedIn):
            asyncio.run(theo.sync())

        step("WrongPassword")
        with self.assertRaises(core.CoreError.WrongPassword) as wrong:
            self.sign_in(theo, password="not the password")
        self.assertIn("password", wrong.exception.reason)

        step("Unreachable")
        with self.assertRaises(core.CoreError.Unreachable) as unreachable:
            self.sign_in(theo, address="http://127.0.0.1:9")
        self.assertEqual(unreachable.exception.address, "http://127.0.0.1:9")

        step("ChooseShop")
        self.server.add_shop("Fern & Flint")
        self.server.add_theo("--shop", self.server.shop_id("Fern & Flint"))
        with self.assertRaises(core.CoreError.ChooseShop) as choose:
            self.sign_in(theo)
        shops = {choice.name: choice.shop for choice in choose.exception.shops}
        self.assertEqual(set(shops), {"Juniper & Clay", "Fern & Flint"})
        self.sign_in(theo, shop=shops["Juniper & Clay"])

        step("NotFound")
        for unknown in ("no-such-id", str(uuid.uuid4())):
            with self.assertRaises(core.CoreError.NotFound):
                theo.conversation(unknown)

        step("TextEmpty")
        Ana(self.server).writes("One question")
        composer = self.hers(theo, "One question").composer()
        with self.assertRaises(core.CoreError.TextEmpty):
            composer.send(" \n")

        step("TextTooLong")
        with self.assertRaises(core.CoreError.TextTooLong) as long:
            composer.check("x" * (composer.limit_chars() + 1))
        self.assertEqual(long.exception.limit_chars, composer.limit_chars())

        step("SignInAgain")
        self.server.admin(
            "staff", "password", "--email", "theo@juniper.example", "--shop", shops["Juniper & Clay"])
        with self.assertRaises(core.CoreError.SignInAgain):
            asyncio.run(theo.sync())

        step("Other")
        with self.assertRaises(core.CoreError.Other) as used:
            self.open()
        self.assertIn("Another process", used.exception.reason)

    def test_a_panic(self):
        step("It becomes an error, and the core goes on")
        with self.assertRaises(core.CoreError.Other) as panicked:
            core.simulate_panic()
        self.assertIn("kept", panicked.exception.reason)
        self.assertIsNone(self.open().account())


class Beside(Stage):
    """What only some languages have: listeners that throw."""

    def test_what_a_listener_throws_hurts_nobody_else(self):
        class Clumsy(core.InboxListener):
            def on_diffs(self, diffs):
                raise RuntimeError("the app's own mistake")

        theo, rows = self.signed_in(), Rows()
        clumsy = self.inbox(theo).subscribe(Clumsy())
        good = self.inbox(theo).subscribe(rows)
        Ana(self.server).writes("Still there?")
        rows.until(lambda rows: rows and rows[0].preview == "Still there?")
        clumsy.cancel()
        good.cancel()


if __name__ == "__main__":
    unittest.main()
