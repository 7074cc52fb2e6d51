import shopbell.core.ffi.ConversationListener
import shopbell.core.ffi.CountsListener
import shopbell.core.ffi.CustomerListener
import shopbell.core.ffi.CustomerView
import shopbell.core.ffi.InboxCounts
import shopbell.core.ffi.InboxDiff
import shopbell.core.ffi.InboxListener
import shopbell.core.ffi.InboxRow
import shopbell.core.ffi.MessageDiff
import shopbell.core.ffi.MessageRow
import shopbell.core.ffi.Status
import shopbell.core.ffi.StatusListener
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** What a listener has heard so far, one state a call. */
class Heard<State : Any> {
    private val states = LinkedBlockingQueue<State>()
    private val count = AtomicInteger()

    val calls get() = count.get()

    fun hear(state: State) {
        count.incrementAndGet()
        states.put(state)
    }

    /** The first state that is as wanted, of those that no earlier call has looked at. */
    fun until(wanted: (State) -> Boolean): State {
        while (true) {
            val state = states.poll(DEADLINE_S, TimeUnit.SECONDS) ?: error("nothing more was heard for $DEADLINE_S s")
            if (wanted(state)) return state
        }
    }
}

/** The inbox as a phone's screen keeps it. */
class InboxRows : InboxListener {
    private val rows = mutableListOf<InboxRow>()
    val heard = Heard<List<InboxRow>>()

    @Volatile
    var first: List<InboxDiff>? = null

    override fun onDiffs(diffs: List<InboxDiff>) {
        first = first ?: diffs
        for (diff in diffs) {
            when (diff) {
                is InboxDiff.Reset -> rows.run { clear(); addAll(diff.rows) }
                is InboxDiff.Insert -> rows.add(diff.index.toInt(), diff.row)
                is InboxDiff.Set -> rows[diff.index.toInt()] = diff.row
                is InboxDiff.Remove -> rows.removeAt(diff.index.toInt())
                is InboxDiff.Move -> rows.add(diff.to.toInt(), rows.removeAt(diff.from.toInt()))
            }
        }
        heard.hear(rows.toList())
    }
}

/** A conversation as a phone's screen keeps it. */
class MessageRows : ConversationListener {
    private val rows = mutableListOf<MessageRow>()
    val heard = Heard<List<MessageRow>>()

    @Volatile
    var first: List<MessageDiff>? = null

    override fun onDiffs(diffs: List<MessageDiff>) {
        first = first ?: diffs
        for (diff in diffs) {
            when (diff) {
                is MessageDiff.Reset -> rows.run { clear(); addAll(diff.rows) }
                is MessageDiff.Insert -> rows.add(diff.index.toInt(), diff.row)
                is MessageDiff.Set -> rows[diff.index.toInt()] = diff.row
                is MessageDiff.Remove -> rows.removeAt(diff.index.toInt())
                is MessageDiff.Move -> rows.add(diff.to.toInt(), rows.removeAt(diff.from.toInt()))
            }
        }
        heard.hear(rows.toList())
    }
}

class Statuses : StatusListener {
    val heard = Heard<Status>()

    override fun onStatus(status: Status) = heard.hear(status)
}

class Counts : CountsListener {
    val heard = Heard<InboxCounts>()

    override fun onCounts(counts: InboxCounts) = heard.hear(counts)
}

class Customers : CustomerListener {
    val heard = Heard<CustomerView>()

    override fun onCustomer(customer: CustomerView) = heard.hear(customer)
}
