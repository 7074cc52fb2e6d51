import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import shopbell.core.ffi.Author
import shopbell.core.ffi.ConversationStatus
import shopbell.core.ffi.CoreException
import shopbell.core.ffi.InboxDiff
import shopbell.core.ffi.MessageContent
import shopbell.core.ffi.MessageDiff
import shopbell.core.ffi.MessageRow
import shopbell.core.ffi.MessageState
import shopbell.core.ffi.SyncState
import shopbell.core.ffi.simulatePanic
import java.util.UUID
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
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

    private fun message(row: MessageRow) = assertIs<MessageContent.Message>(row.content)

    /** Says which step begins: the last that was said is the one that failed. */
    private fun step(sentence: String) = println("  $sentence")
}
