import Foundation

let password = "a-long-enough-password"

/// `shopbell serve` on a folder of its own, with one shop and two people.
final class Server {
    let data: URL
    private(set) var key = ""
    private(set) var address = ""
    private var process = Process()

    init(data: URL) throws {
        self.data = data
        key = try addShop("Juniper & Clay")
        try admin("staff", "add", "--name", "Mina", "--email", "mina@juniper.example", "--owner")
        try addTheo()
        try start(listen: "127.0.0.1:0")
    }

    deinit { stop() }

    @discardableResult
    func admin(_ words: String...) throws -> String {
        try admin(words)
    }

    /// Answers its public key.
    func addShop(_ name: String) throws -> String {
        let said = try admin("shop", "add", "--name", name)
        return String(try found(said.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("pk_") }))
    }

    func shopId(_ name: String) throws -> String {
        let line = try found(admin("shop", "list").split(separator: "\n").first { $0.contains(name) })
        return String(try found(line.split(separator: " ").first))
    }

    func addTheo(_ place: String...) throws {
        let permissions = ["--permission", "chat", "--permission", "customers"]
        try admin(["staff", "add", "--name", "Theo", "--email", "theo@juniper.example"] + permissions + place)
    }

    /// Kills it: what Foundation starts on Linux inherits the signals that Swift's threads block, SIGTERM among them.
    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// At the address that it had.
    func startAgain() throws {
        try start(listen: String(address.dropFirst("http://".count)))
    }

    @discardableResult
    private func admin(_ words: [String]) throws -> String {
        let (process, input, output) = (shopbell(["admin", "--data", data.path] + words), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(password.utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Missing() }
        return String(decoding: said, as: UTF8.self)
    }

    private func start(listen: String) throws {
        let output = Pipe()
        process = shopbell(["serve", "--data", data.path, "--listen", listen])
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var said = ""
        while !said.contains("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Missing() }
            said += String(decoding: more, as: UTF8.self)
        }
        address = String(try found(said.split(whereSeparator: \.isWhitespace).last))
    }

    private func shopbell(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = repository.appending(path: "target/debug/shopbell")
        process.arguments = arguments
        return process
    }
}

/// Something that a test needs was not there.
struct Missing: Error {}

func found<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}

private let repository = (0..<6).reduce(URL(filePath: #filePath)) { path, _ in path.deletingLastPathComponent() }
