import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import shopbell.core.ffi.Author
import shopbell.core.ffi.BulkAction
import shopbell.core.ffi.ConversationStatus
import shopbell.core.ffi.CoreException
import shopbell.core.ffi.InboxDiff
import shopbell.core.ffi.InboxFilter
import shopbell.core.ffi.InboxQuery
import shopbell.core.ffi.InboxSort
import shopbell.core.ffi.MessageContent
import shopbell.core.ffi.MessageDiff
import shopbell.core.ffi.MessageRow
import shopbell.core.ffi.MessageState
import shopbell.core.ffi.SearchQuery
import shopbell.core.ffi.ShopbellApp
import shopbell.core.ffi.SyncState
import shopbell.core.ffi.simulatePanic
import java.util.UUID
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The story of ../story.md. */
class StoryTest : Stage() {
    @Test
    fun `A reply, from the first word to the last`() {
        step("Nobody is signed in")
        open().use { theo ->
            assertNull(theo.account())

            step("Theo signs in")
            val account = signIn(theo)
            assertEquals("Juniper & Clay" to "Theo", account.shopName to account.staffName)
            assertEquals(account, theo.account())

            step("The rows are there before subscribe returns")
            val rows = InboxRows()
            val subscription = watch(theo, rows)
            assertEquals(listOf<InboxDiff>(InboxDiff.Reset(emptyList())), rows.first)

            step("Ana writes, and hers is the newest row")
            val ana = Ana(server)
            ana.writes("Is the blue one back in stock?")
            val row = rows.heard.until { it.firstOrNull()?.unread == 1u }.first()
            assertEquals("Ana" to "Is the blue one back in stock?", row.name to row.preview)

            theo.conversation(row.id).use { conversation ->
                step("Theo's reply is shown at once, then sent")
                val message = send(conversation, "Yes, since today!")
                assertEquals(1, conversation.view().rows.count { it.id == message })
                conversation.markRead()
                sync(theo)
                rows.heard.until { it.first().waiting == 0u && it.first().unread == 0u }

                step("Ana reads it")
                assertEquals(
                    listOf("customer" to "Is the blue one back in stock?", "staff" to "Yes, since today!"),
                    ana.reads(),
                )

                step("Theo takes the conversation, closes it and opens it again")
                conversation.assign(theo.staff().first { it.me }.id)
                assertEquals("Theo", conversation.view().head.assignee?.name)
                conversation.markClosed()
                assertEquals(ConversationStatus.CLOSED, conversation.view().head.status)
                conversation.reopen()
                assertEquals(ConversationStatus.OPEN, conversation.view().head.status)
            }

            step("After cancel, nothing comes")
            subscription.cancel()
            subscription.cancel()
            assertSilent(theo, ana) { rows.heard.calls }
            subscription.close()
        }
    }

    @Test
    fun `A conversation on the screen`() = signedIn().use { theo ->
        val ana = Ana(server)
        ana.writes("Do you ship to Taipei?")
        hers(theo, "Do you ship to Taipei?").use { conversation ->
            step("Its messages are there before subscribe returns")
            val rows = MessageRows()
            val subscription = conversation.subscribe(rows)
            val first = assertIs<MessageDiff.Reset>(rows.first?.first())
            assertEquals(listOf("Do you ship to Taipei?"), first.rows.map { message(it).text })

            step("What Ana writes is a new row")
            ana.writes("By Friday?")
            val new = message(rows.heard.until { it.size == 2 }[1])
            assertEquals("By Friday?" to Author.CUSTOMER, new.text to new.author)

            step("Theo's reply keeps its row from waiting to sent")
            val sent = send(conversation, "By Thursday.")
            for (state in listOf(MessageState.Waiting, MessageState.Sent)) {
                rows.heard.until { it.size == 3 && it[2].id == sent && message(it[2]).state == state }
            }

            step("After cancel, nothing comes")
            subscription.cancel()
            assertSilent(theo, ana) { rows.heard.calls }
            subscription.close()
        }
    }

    @Test
    fun `Sorting, noting and taking back`() = signedIn().use { theo ->
        Ana(server).writes("Do you ship to Lyon?")
        val counts = Counts()
        val starred = InboxQuery(InboxFilter.STARRED)
        hers(theo, "Do you ship to Lyon?").use { conversation ->
            val lyon = conversation.id()
            val counting = theo.subscribeCounts(counts)

            step("Theo stars the conversation, and once is enough")
            assertNotNull(conversation.star())
            assertNull(conversation.star())
            assertTrue(conversation.view().head.starred)

            step("He adds a tag and a note, changes the note, and sees them settle")
            conversation.customer().use { customer ->
                val customers = Customers()
                customer.subscribe(customers).use {
                    customer.addTag("VIP")
                    val note = customer.addNote("Lives in Lyon.")
                    customer.editNote(note, "Lives near Lyon.")
                    val settled = customers.heard.until { now ->
                        now.notes.map { it.text to it.waiting } == listOf("Lives near Lyon." to false) &&
                            now.tags == listOf("VIP")
                    }
                    val shown = settled.notes.first()
                    assertEquals(listOf("Ana", note, "Theo"), listOf(settled.name, shown.id, shown.author))
                }
            }

            step("The filters list it, and the counts say so")
            Ana(server).writes("Do you ship to Porto?")
            val porto = hers(theo, "Do you ship to Porto?").use { it.id() }
            for (query in listOf(starred, InboxQuery(InboxFilter.ALL, tag = "vip"))) {
                assertEquals(listOf(lyon), listed(theo, query))
            }
            assertEquals(listOf(lyon, porto), listed(theo, InboxQuery(InboxFilter.ALL, sort = InboxSort.OLDEST)))
            val now = counts.heard.until { it.all == 2uL && it.unread == 2uL }
            assertEquals(listOf(1uL, 2uL, 0uL), listOf(now.starred, now.unassigned, now.closed))
            assertEquals(now, theo.counts())
            assertEquals(theo.channels().map { it.id }, now.channels.map { it.channel })
            counting.use { it.cancel() }

            step("What is read moves below what is not, and back")
            val rows = InboxRows()
            watch(theo, rows).use {
                rows.heard.until { now -> now.map { it.id } == listOf(porto, lyon) }
                theo.conversation(porto).use { it.markRead() }
                rows.heard.until { now -> now.map { it.id } == listOf(lyon, porto) }
                theo.conversation(porto).use { it.markUnread() }
                rows.heard.until { now -> now.map { it.id } == listOf(porto, lyon) && now.first().markedUnread }
            }

            step("What he begins to write here is there on his other device")
            conversation.composer().use { it.setDraft("We do, in two") }
            assertEquals("Draft: We do, in two", conversation.view().head.preview)
            signedIn("tablet").use { tablet ->
                val there = InboxRows()
                watch(tablet, there).use {
                    there.heard.until { now -> now.any { it.preview == "Draft: We do, in two" } }
                }
                val draft = tablet.conversation(lyon).use { same -> same.composer().use { it.draft() } }
                assertEquals("We do, in two", draft)
            }

            step("Several are closed at once, and that is taken back")
            val all = InboxQuery(InboxFilter.ALL)
            val changes = theo.bulk(listOf(lyon, porto), BulkAction.Close)
            assertEquals(2, changes.size)
            assertEquals(emptyList(), listed(theo, all))
            theo.undo(changes)
            assertEquals(setOf(lyon, porto), listed(theo, all).toSet())
            sync(theo)
            assertEquals(emptyList(), theo.outbox())

            step("With one that is unknown, nothing is changed")
            val unknown = UUID.randomUUID().toString()
            assertFailsWith<CoreException.NotFound> { theo.bulk(listOf(porto, unknown), BulkAction.Star) }
            assertEquals(listOf(lyon), listed(theo, starred))
        }
    }

    @Test
    fun `Searching`() = signedIn().use { theo ->
        val ana = Ana(server)
        listOf("Is the blue scarf back?", "有沒有藍色的圍巾？").forEach(ana::writes)
        hers(theo, "有沒有藍色的圍巾？").close()

        step("A message is found while its word is typed, and the word is marked")
        assertEquals(listOf("Is the blue [sca]rf back?"), found(theo, "sca"))
        assertEquals(listOf("Is the blue [scarf] back?"), found(theo, "scarf"))
        assertEquals(emptyList(), found(theo, "scart"))

        step("Two Chinese characters are found")
        assertEquals(listOf("有沒有藍色的[圍巾]？"), found(theo, "圍巾"))

        step("A name is found from its first letter")
        assertEquals(listOf("[A]na"), found(theo, "a"))

        step("The server is asked for what is older")
        sync(theo)
        val page = runBlocking { theo.searchOlder("scarf", null) }
        assertEquals(1u to null, page.conversations to page.next)
    }

    @Test
    fun `Offline, then online`() {
        lateinit var ana: Ana
        lateinit var id: String
        lateinit var sent: String
        signedIn().use { theo ->
            ana = Ana(server)
            ana.writes("Do you wrap gifts?")
            hers(theo, "Do you wrap gifts?").use { conversation ->
                val statuses = Statuses()
                theo.subscribeStatus(statuses).use {
                    step("While the server is away, what Theo writes waits, and the status says so")
                    assertTrue(statuses.heard.calls >= 1)
                    server.stop()
                    id = conversation.id()
                    sent = send(conversation, "We do.")
                    statuses.heard.until { it.state == SyncState.OFFLINE && it.waiting == 1u }
                }
            }
        }

        step("It waits after a restart, too")
        open(offline = true).use { theo ->
            theo.conversation(id).use { conversation ->
                val last = conversation.view().rows.last()
                assertEquals(sent to "We do.", last.id to message(last).text)
                assertEquals(MessageState.Waiting, message(last).state)
            }
            assertEquals(listOf<String?>("We do."), theo.outbox().map { it.text })
        }

        step("The server is back, and Ana reads it once")
        server.startAgain()
        open().use { theo ->
            val statuses = Statuses()
            theo.subscribeStatus(statuses).use {
                theo.start()
                statuses.heard.until { it.state == SyncState.UP_TO_DATE && it.waiting == 0u }
            }
        }
        assertEquals(listOf("customer" to "Do you wrap gifts?", "staff" to "We do."), ana.reads())
    }

    @Test
    fun `A subscription that nobody holds`() = signedIn().use { theo ->
        val rows = InboxRows()

        step("It is let go without cancel, and nothing comes")
        watch(theo, rows).close()
        assertSilent(theo, Ana(server)) { rows.heard.calls }
    }

    @Test
    fun `A call that nobody waits for`() = open().use { theo ->
        val statuses = Statuses()
        theo.subscribeStatus(statuses).use {
            step("Theo gives up on signing in, and is signed in all the same")
            runBlocking {
                val call = launch(start = CoroutineStart.UNDISPATCHED) {
                    theo.signIn(server.address, "theo@juniper.example", PASSWORD, null)
                }
                call.cancelAndJoin()
                assertTrue(call.isCancelled)
            }
            statuses.heard.until { it.state == SyncState.UP_TO_DATE }
            assertEquals("Theo", theo.account()?.staffName)
        }
    }

    @Test
    fun `An error of each kind`() = open().use { theo ->
        step("NotSignedIn")
        assertFailsWith<CoreException.NotSignedIn> { sync(theo) }

        step("WrongPassword")
        val wrong = assertFailsWith<CoreException.WrongPassword> { signIn(theo, password = "not the password") }
        assertContains(wrong.reason, "password")

        step("Unreachable")
        val unreachable = assertFailsWith<CoreException.Unreachable> { signIn(theo, address = "http://127.0.0.1:9") }
        assertEquals("http://127.0.0.1:9", unreachable.address)

        step("ChooseShop")
        server.addShop("Fern & Flint")
        server.addTheo("--shop", server.shopId("Fern & Flint"))
        val shops = assertFailsWith<CoreException.ChooseShop> { signIn(theo) }.shops.associate { it.name to it.shop }
        assertEquals(setOf("Juniper & Clay", "Fern & Flint"), shops.keys)
        val shop = shops.getValue("Juniper & Clay")
        signIn(theo, shop = shop)

        step("NotFound")
        for (unknown in listOf("no-such-id", UUID.randomUUID().toString())) {
            assertFailsWith<CoreException.NotFound> { theo.conversation(unknown) }
        }

        Ana(server).writes("One question")
        hers(theo, "One question").use { conversation ->
            conversation.composer().use { composer ->
                step("TextEmpty")
                assertFailsWith<CoreException.TextEmpty> { composer.send(" \n") }

                step("TextTooLong")
                val limit = composer.limitChars()
                val long = assertFailsWith<CoreException.TextTooLong> { composer.check("x".repeat(limit.toInt() + 1)) }
                assertEquals(limit, long.limitChars)
            }
        }

        step("SignInAgain")
        server.admin("staff", "password", "--email", "theo@juniper.example", "--shop", shop)
        assertFailsWith<CoreException.SignInAgain> { sync(theo) }

        step("Other")
        val used = assertFailsWith<CoreException.Other> { open() }
        assertContains(used.reason, "Another process")
    }

    @Test
    fun `A panic`() {
        step("It becomes an error, and the core goes on")
        val panicked = assertFailsWith<CoreException.Other> { simulatePanic() }
        assertContains(panicked.reason, "kept")
        open().use { assertNull(it.account()) }
    }

    /** The lines that a search shows, with [] around what is marked. */
    private fun found(theo: ShopbellApp, typed: String): List<String> =
        theo.search(SearchQuery(typed)).groups.flatMap { it.hits }.map { hit ->
            hit.excerpt.joinToString("") { if (it.marked) "[${it.text}]" else it.text }
        }

    private fun message(row: MessageRow) = assertIs<MessageContent.Message>(row.content)

    /** Says which step begins: the last that was said is the one that failed. */
    private fun step(sentence: String) = println("  $sentence")
}
