import ShopbellCore
import Synchronization

/// What a listener has heard so far, one state a call: a stream, as the model of a screen reads it.
final class Heard<State: Sendable>: Sendable {
    private let stream: AsyncStream<State>
    private let continuation: AsyncStream<State>.Continuation
    private let count = Mutex(0)

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    var calls: Int { count.withLock { $0 } }

    func hear(_ state: State) {
        count.withLock { $0 += 1 }
        continuation.yield(state)
    }

    /// The first state that is as wanted, of those that no earlier call has looked at. A suite's time limit ends it.
    func until(_ wanted: (State) -> Bool) async throws -> State {
        for await state in stream where wanted(state) { return state }
        throw Missing()
    }
}

/// The inbox as a phone's screen keeps it.
final class InboxRows: InboxListener {
    let heard = Heard<[InboxRow]>()
    private let rows = Mutex<[InboxRow]>([])
    private let batches = Mutex<[[InboxDiff]]>([])

    var first: [InboxDiff]? { batches.withLock { $0.first } }

    func onDiffs(diffs: [InboxDiff]) {
        batches.withLock { $0.append(diffs) }
        let now = rows.withLock { rows in
            for diff in diffs {
                switch diff {
                case .reset(let all): rows = all
                case .insert(let index, let row): rows.insert(row, at: Int(index))
                case .set(let index, let row): rows[Int(index)] = row
                case .remove(let index): rows.remove(at: Int(index))
                case .move(let from, let to): rows.insert(rows.remove(at: Int(from)), at: Int(to))
                }
            }
            return rows
        }
        heard.hear(now)
    }
}

/// A conversation as a phone's screen keeps it.
final class MessageRows: ConversationListener {
    let heard = Heard<[MessageRow]>()
    private let rows = Mutex<[MessageRow]>([])
    private let batches = Mutex<[[MessageDiff]]>([])

    var first: [MessageDiff]? { batches.withLock { $0.first } }

    func onDiffs(diffs: [MessageDiff]) {
        batches.withLock { $0.append(diffs) }
        let now = rows.withLock { rows in
            for diff in diffs {
                switch diff {
                case .reset(let all): rows = all
                case .insert(let index, let row): rows.insert(row, at: Int(index))
                case .set(let index, let row): rows[Int(index)] = row
                case .remove(let index): rows.remove(at: Int(index))
                case .move(let from, let to): rows.insert(rows.remove(at: Int(from)), at: Int(to))
                }
            }
            return rows
        }
        heard.hear(now)
    }
}

final class Statuses: StatusListener {
    let heard = Heard<Status>()

    func onStatus(status: Status) { heard.hear(status) }
}

final class Counts: CountsListener {
    let heard = Heard<InboxCounts>()

    func onCounts(counts: InboxCounts) { heard.hear(counts) }
}

final class Customers: CustomerListener {
    let heard = Heard<CustomerView>()

    func onCustomer(customer: CustomerView) { heard.hear(customer) }
}
