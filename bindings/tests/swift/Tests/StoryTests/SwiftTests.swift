import ShopbellCore
import Synchronization
import Testing

/// Beside the story, what only some languages have: streams, and tasks whose cancellation is a wish.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct SwiftTests {
    let stage = try! Stage()

    @Test("A stream begins with the rows and cancels its subscription when its reader is cancelled")
    func stream() async throws {
        let theo = try await stage.signedIn()
        let (batches, continuation) = AsyncStream.makeStream(of: [InboxDiff].self)
        let relay = Relay(continuation)
        let subscription = try stage.watch(theo, relay)
        continuation.onTermination = { _ in subscription.cancel() }

        let read = Heard<[InboxDiff]>()
        let reader = Task { for await batch in batches { read.hear(batch) } }
        #expect(try await read.until { _ in true } == [.reset(rows: [])])
        reader.cancel()
        await reader.value
        try await stage.expectSilence(theo, try await Ana(stage.server)) { relay.calls }
    }

    @Test("A cancelled task gets its answer all the same")
    func cancelledTask() async throws {
        let theo = try stage.open()
        let address = stage.server.address
        let call = Task {
            try await theo.signIn(server: address, email: "theo@juniper.example", password: password, shop: nil)
        }
        call.cancel()
        #expect(try await call.value.staffName == "Theo")
    }
}

/// Hands what the core says to whoever reads the stream: how a screen's model listens.
private final class Relay: InboxListener {
    private let continuation: AsyncStream<[InboxDiff]>.Continuation
    private let count = Mutex(0)

    init(_ continuation: AsyncStream<[InboxDiff]>.Continuation) {
        self.continuation = continuation
    }

    var calls: Int { count.withLock { $0 } }

    func onDiffs(diffs: [InboxDiff]) {
        count.withLock { $0 += 1 }
        continuation.yield(diffs)
    }
}
