import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A customer in the web chat, by its own protocol.
final class Ana {
    struct Line: Decodable, Equatable {
        let from: String
        let text: String
    }

    private let server: Server
    private var token: String?

    init(_ server: Server) async throws {
        self.server = server
        token = try await call("/chat/v1/sessions", ["key": server.key, "name": "Ana"], as: Session.self).token
    }

    func writes(_ text: String) async throws {
        let message = Message(id: UUID().uuidString.lowercased(), text: text, clientTs: 0)
        _ = try await call("/chat/v1/messages", message, as: Anything.self)
    }

    /// What stands in her chat: who wrote, and what.
    func reads() async throws -> [Line] {
        try await call("/chat/v1/events?after=0", String?.none, as: Events.self).events.map(\.message)
    }

    private struct Session: Decodable { let token: String }
    private struct Message: Encodable {
        let id: String
        let text: String
        let clientTs: Int
    }
    private struct Anything: Decodable {}
    private struct Events: Decodable { let events: [Event] }
    private struct Event: Decodable { let message: Line }

    private func call<Answer: Decodable>(
        _ path: String, _ body: (some Encodable)?, as: Answer.Type
    ) async throws -> Answer {
        var request = URLRequest(url: try found(URL(string: server.address + path)))
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let body {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            request.httpMethod = "POST"
            request.httpBody = try encoder.encode(body)
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let status = (response as? HTTPURLResponse)?.statusCode, (200..<300).contains(status) else {
            throw Missing()
        }
        return try JSONDecoder().decode(Answer.self, from: data)
    }
}
