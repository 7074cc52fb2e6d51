"""The compiled library in a person's hands: the whole story of a reply, through the generated Python face.

A real server runs beside it. Mina owns the shop, Theo answers, Ana buys. Run by `scripts/test ffi`.
"""

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


class Server:
    """`shopbell serve` on a folder of its own, with one shop and two people."""

    def __init__(self, folder):
        self.data = folder / "server"
        shop = self.admin("shop", "add", "--name", "Juniper & Clay")
        self.key = next(word for word in shop.split() if word.startswith("pk_"))
        self.admin("staff", "add", "--name", "Mina", "--email", "mina@juniper.example", "--owner")
        self.admin(
            "staff", "add", "--name", "Theo", "--email", "theo@juniper.example",
            "--permission", "chat", "--permission", "customers",
        )
        self.start("127.0.0.1:0")

    def admin(self, *words):
        command = [SHOPBELL, "admin", "--data", self.data, *words]
        return subprocess.run(command, input=PASSWORD, text=True, capture_output=True, check=True).stdout

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
        events = self.call("GET", "/chat/v1/events?after=0")["events"]
        return [(event["message"]["from"], event["message"]["text"]) for event in events]


class Inbox(core.InboxListener):
    """Applies diffs as a phone's list does, and hands each new state to the test."""

    def __init__(self):
        self.rows, self.states, self.batches = [], queue.Queue(), 0

    def on_diffs(self, diffs):
        self.batches += 1
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
                self.rows.insert(diff.to, self.rows.pop(getattr(diff, "from")))
        self.states.put(list(self.rows))

    def until(self, wanted):
        while True:
            rows = self.states.get(timeout=DEADLINE_S)
            if wanted(rows):
                return rows


class Clumsy(core.InboxListener):
    def on_diffs(self, diffs):
        raise RuntimeError("the app's own mistake")


class Smoke(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        cls.server = Server(cls.path)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    def open(self, profile, offline=False):
        return core.ShopbellApp.open(core.OpenOptions(
            folder=str(self.path / profile), device_name="test", platform="python", language="en", offline=offline,
        ))

    def sign_in(self, app, email="theo@juniper.example", password=PASSWORD, address=None):
        return asyncio.run(app.sign_in(address or self.server.address, email, password, None))

    def test_a_reply_from_the_first_word_to_the_last(self):
        theo = self.open("story")
        self.assertIsNone(theo.account())
        account = self.sign_in(theo)
        self.assertEqual((account.shop_name, account.staff_name), ("Juniper & Clay", "Theo"))

        # Subscribe: the present rows first, before the call returns.
        inbox = Inbox()
        subscription = theo.inbox(core.InboxFilter.ALL, 50).subscribe(inbox)
        self.assertEqual(inbox.batches, 1)

        # Receive.
        ana = Ana(self.server)
        ana.writes("Is the blue one back in stock?")
        row = inbox.until(lambda rows: any(row.unread == 1 and row.name == "Ana" for row in rows))[0]
        self.assertEqual(row.preview, "Is the blue one back in stock?")

        # Reply: shown at once, then sent.
        conversation = theo.conversation(row.id)
        message = conversation.composer().send("Yes, since today!")
        self.assertEqual([m.id for m in conversation.view().rows].count(message), 1)
        conversation.mark_read()
        asyncio.run(theo.sync())
        inbox.until(lambda rows: rows[0].waiting == 0 and rows[0].unread == 0)
        self.assertEqual(ana.reads(), [
            ("customer", "Is the blue one back in stock?"), ("staff", "Yes, since today!"),
        ])

        # Assign, close: colleagues' names come from the shop's rows.
        me = next(staff for staff in theo.staff() if staff.me)
        conversation.assign(me.id)
        self.assertEqual(conversation.view().head.assignee.name, "Theo")
        conversation.mark_closed()
        self.assertEqual(conversation.view().head.status, core.ConversationStatus.CLOSED)
        conversation.reopen()
        self.assertEqual(theo.outbox()[-1].name, "reopen")

        # Cancel: no call begins any more.
        subscription.cancel()
        subscription.cancel()
        heard = inbox.batches
        conversation.composer().send("Anything else?")
        asyncio.run(theo.sync())
        self.assertEqual(inbox.batches, heard)

    def test_a_dropped_subscription_ends(self):
        theo = self.open("dropped")
        self.sign_in(theo)
        inbox = Inbox()
        subscription = theo.inbox(core.InboxFilter.ALL, 50).subscribe(inbox)
        del subscription
        gc.collect()
        heard = inbox.batches
        Ana(self.server).writes("Hello?")
        asyncio.run(theo.sync())
        self.assertEqual(inbox.batches, heard)

    def test_what_is_written_offline_waits_and_is_said_so(self):
        theo = self.open("offline")
        self.sign_in(theo)
        Ana(self.server).writes("Do you wrap gifts?")
        asyncio.run(theo.sync())
        row = next(row for row in theo.inbox(core.InboxFilter.ALL, 50).rows() if row.preview == "Do you wrap gifts?")
        del theo
        gc.collect()
        theo = self.open("offline", offline=True)
        theo.conversation(row.id).composer().send("We do.")
        last = theo.conversation(row.id).view().rows[-1]
        self.assertTrue(last.content.state.is_WAITING())
        self.assertEqual(theo.status().waiting, 1)

    def test_an_error_of_each_kind(self):
        theo = self.open("errors")
        with self.assertRaises(core.CoreError.NotSignedIn):
            asyncio.run(theo.sync())
        with self.assertRaises(core.CoreError.WrongPassword) as wrong:
            self.sign_in(theo, password="not the password")
        self.assertIn("password", wrong.exception.reason)
        with self.assertRaises(core.CoreError.Unreachable) as unreachable:
            self.sign_in(theo, address="http://127.0.0.1:9")
        self.assertEqual(unreachable.exception.address, "http://127.0.0.1:9")
        self.sign_in(theo)
        with self.assertRaises(core.CoreError.NotFound):
            theo.conversation("no-such-id")
        with self.assertRaises(core.CoreError.NotFound):
            theo.conversation(str(uuid.uuid4()))
        Ana(self.server).writes("One question")
        asyncio.run(theo.sync())
        composer = theo.conversation(theo.inbox(core.InboxFilter.ALL, 1).rows()[0].id).composer()
        with self.assertRaises(core.CoreError.TextEmpty):
            composer.send(" \n")
        with self.assertRaises(core.CoreError.TextTooLong) as long:
            composer.check("x" * 100_000)
        self.assertEqual(long.exception.limit_chars, composer.limit_chars())
        with self.assertRaises(core.CoreError.Other) as used:
            self.open("errors")
        self.assertIn("Another process", used.exception.reason)

    def test_a_panic_becomes_an_error_and_the_core_goes_on(self):
        with self.assertRaises(core.CoreError.Other) as panicked:
            core.simulate_panic()
        self.assertIn("kept", panicked.exception.reason)
        self.assertIsNone(self.open("after-panic").account())

    def test_a_listener_that_fails_hurts_nobody_else(self):
        theo = self.open("clumsy")
        self.sign_in(theo)
        inbox = Inbox()
        clumsy = theo.inbox(core.InboxFilter.ALL, 50).subscribe(Clumsy())
        good = theo.inbox(core.InboxFilter.ALL, 50).subscribe(inbox)
        Ana(self.server).writes("Still there?")
        inbox.until(lambda rows: rows and rows[0].preview == "Still there?")
        clumsy.cancel()
        good.cancel()


if __name__ == "__main__":
    unittest.main()
