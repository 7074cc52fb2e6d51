import Foundation
import ShopbellCore
import Testing

/// A server, and the folders of Theo's devices: one for each test.
final class Stage {
    let server: Server
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "shopbell-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        server = try Server(data: folder.appending(path: "server"))
    }

    deinit {
        server.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func open(_ device: String = "phone", offline: Bool = false) throws -> ShopbellApp {
        try ShopbellApp.open(
            options: OpenOptions(
                folder: folder.appending(path: device).path, deviceName: device, platform: "swift", language: "en",
                offline: offline))
    }

    func signedIn(_ device: String = "phone") async throws -> ShopbellApp {
        let theo = try open(device)
        try await signIn(theo)
        return theo
    }

    @discardableResult
    func signIn(
        _ theo: ShopbellApp, password: String = password, address: String? = nil, shop: String? = nil
    ) async throws -> Account {
        try await theo.signIn(
            server: address ?? server.address, email: "theo@juniper.example", password: password, shop: shop)
    }

    func watch(_ theo: ShopbellApp, _ listener: InboxListener) throws -> Subscription {
        try theo.inbox(filter: .all, limit: 50).subscribe(listener: listener)
    }

    func listed(_ theo: ShopbellApp, _ query: InboxQuery) throws -> [String] {
        try theo.inboxWith(query: query).rows().map(\.id)
    }

    /// The conversation whose newest message is Ana's `text`, once it is here.
    func hers(_ theo: ShopbellApp, _ text: String) async throws -> Conversation {
        let rows = InboxRows()
        let subscription = try watch(theo, rows)
        let row = try found(await rows.heard.until { $0.first?.preview == text }.first)
        subscription.cancel()
        return try theo.conversation(id: row.id)
    }

    /// Ana writes; a new subscription hears it, and whoever is asked for `calls` does not.
    func expectSilence(_ theo: ShopbellApp, _ ana: Ana, _ calls: () -> Int) async throws {
        let heard = calls()
        try await ana.writes("Anybody there?")
        _ = try await hers(theo, "Anybody there?")
        #expect(calls() == heard)
    }
}
