import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.io.TempDir
import shopbell.core.ffi.Account
import shopbell.core.ffi.Conversation
import shopbell.core.ffi.InboxFilter
import shopbell.core.ffi.InboxListener
import shopbell.core.ffi.InboxQuery
import shopbell.core.ffi.OpenOptions
import shopbell.core.ffi.ShopbellApp
import shopbell.core.ffi.Subscription
import java.nio.file.Path
import kotlin.test.assertEquals

/** A server, and the folders of Theo's devices: one for each test. What it opens, `use` closes, to be opened again. */
abstract class Stage {
    @TempDir
    lateinit var folder: Path
    lateinit var server: Server

    @BeforeEach
    fun startServer() {
        server = Server(folder.resolve("server"))
    }

    @AfterEach
    fun stopServer() = server.stop()

    fun open(device: String = "phone", offline: Boolean = false) =
        ShopbellApp.open(OpenOptions(folder.resolve(device).toString(), device, "kotlin", "en", offline))

    fun signedIn(device: String = "phone") = open(device).also { signIn(it) }

    fun signIn(
        theo: ShopbellApp,
        password: String = PASSWORD,
        address: String = server.address,
        shop: String? = null,
    ): Account = runBlocking { theo.signIn(address, "theo@juniper.example", password, shop) }

    fun sync(theo: ShopbellApp) = runBlocking { theo.sync() }

    fun watch(theo: ShopbellApp, listener: InboxListener): Subscription =
        theo.inbox(InboxFilter.ALL, 50u).use { it.subscribe(listener) }

    fun listed(theo: ShopbellApp, query: InboxQuery): List<String> =
        theo.inboxWith(query).use { list -> list.rows().map { it.id } }

    /** The conversation whose newest message is Ana's `text`, once it is here. */
    fun hers(theo: ShopbellApp, text: String): Conversation {
        val rows = InboxRows()
        return watch(theo, rows).use {
            theo.conversation(rows.heard.until { it.firstOrNull()?.preview == text }.first().id)
        }
    }

    fun send(conversation: Conversation, text: String): String = conversation.composer().use { it.send(text) }

    /** Ana writes; a new subscription hears it, and whoever is asked for `calls` does not. */
    fun assertSilent(theo: ShopbellApp, ana: Ana, calls: () -> Int) {
        val heard = calls()
        ana.writes("Anybody there?")
        hers(theo, "Anybody there?").close()
        assertEquals(heard, calls())
    }
}
