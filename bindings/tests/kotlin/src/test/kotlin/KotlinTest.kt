import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import shopbell.core.ffi.InboxDiff
import shopbell.core.ffi.InboxListener
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Beside the story, what only some languages have: `use`, a collector, listeners that throw, flows. */
class KotlinTest : Stage() {
    @Test
    fun `What was closed by use answers no more, and its folder can be opened again`() {
        val theo = open()
        theo.use { signIn(it) }
        assertFailsWith<IllegalStateException> { theo.account() }
        open().use { assertEquals("Theo", it.account()?.staffName) }
    }

    @Test
    fun `A subscription ends when the collector takes it`() = signedIn().use { theo ->
        val ana = Ana(server)
        val rows = InboxRows()
        watch(theo, rows)
        val silent = generateSequence(1) { it + 1 }.take(ROUNDS).any { round ->
            System.gc()
            val heard = rows.heard.calls
            ana.writes("Round $round")
            hers(theo, "Round $round").close()
            rows.heard.calls == heard
        }
        assertTrue(silent, "it still hears after $ROUNDS collections")
    }

    @Test
    fun `What a listener throws hurts nobody else`() = signedIn().use { theo ->
        val rows = InboxRows()
        val clumsy = object : InboxListener {
            override fun onDiffs(diffs: List<InboxDiff>) = error("the app's own mistake")
        }
        watch(theo, clumsy).use {
            watch(theo, rows).use {
                Ana(server).writes("Still there?")
                rows.heard.until { it.firstOrNull()?.preview == "Still there?" }
            }
        }
        Unit
    }

    @Test
    fun `A flow begins with the rows and cancels its subscription when nobody collects`() = signedIn().use { theo ->
        val calls = AtomicInteger()
        val batches = callbackFlow {
            val relay = object : InboxListener {
                override fun onDiffs(diffs: List<InboxDiff>) {
                    calls.incrementAndGet()
                    trySend(diffs)
                }
            }
            val subscription = watch(theo, relay)
            awaitClose { subscription.use { it.cancel() } }
        }
        val first = runBlocking { withTimeout(DEADLINE_S.seconds) { batches.first() } }
        assertEquals(listOf<InboxDiff>(InboxDiff.Reset(emptyList())), first)
        assertSilent(theo, Ana(server), calls::get)
    }

    private companion object {
        /** More than a collector needs to notice that an object is gone. */
        const val ROUNDS = 100
    }
}
