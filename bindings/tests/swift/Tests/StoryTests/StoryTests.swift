import Foundation
import ShopbellCore
import Testing

/// The story of ../../../story.md.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct StoryTests {
    let stage = try! Stage()

    @Test("A reply, from the first word to the last")
    func reply() async throws {
        step("Nobody is signed in")
        let theo = try stage.open()
        #expect(theo.account() == nil)

        step("Theo signs in")
        let account = try await stage.signIn(theo)
        #expect(account.shopName == "Juniper & Clay")
        #expect(account.staffName == "Theo")
        #expect(theo.account() == account)

        step("The rows are there before subscribe returns")
        let rows = InboxRows()
        let subscription = try stage.watch(theo, rows)
        #expect(rows.first == [.reset(rows: [])])

        step("Ana writes, and hers is the newest row")
        let ana = try await Ana(stage.server)
        try await ana.writes("Is the blue one back in stock?")
        let row = try found(await rows.heard.until { $0.first?.unread == 1 }.first)
        #expect(row.name == "Ana")
        #expect(row.preview == "Is the blue one back in stock?")

        step("Theo's reply is shown at once, then sent")
        let conversation = try theo.conversation(id: row.id)
        let message = try conversation.composer().send(text: "Yes, since today!")
        #expect(try conversation.view().rows.filter { $0.id == message }.count == 1)
        _ = try conversation.markRead()
        _ = try await theo.sync()
        _ = try await rows.heard.until { $0.first?.waiting == 0 && $0.first?.unread == 0 }

        step("Ana reads it")
        #expect(
            try await ana.reads() == [
                Ana.Line(from: "customer", text: "Is the blue one back in stock?"),
                Ana.Line(from: "staff", text: "Yes, since today!"),
            ])

        step("Theo takes the conversation, closes it and opens it again")
        let me = try found(theo.staff().first { $0.me })
        _ = try conversation.assign(staff: me.id)
        #expect(try conversation.view().head.assignee?.name == "Theo")
        _ = try conversation.markClosed()
        #expect(try conversation.view().head.status == .closed)
        _ = try conversation.reopen()
        #expect(try conversation.view().head.status == .open)

        step("After cancel, nothing comes")
        subscription.cancel()
        subscription.cancel()
        try await stage.expectSilence(theo, ana) { rows.heard.calls }
    }

    @Test("A conversation on the screen")
    func conversation() async throws {
        let theo = try await stage.signedIn()
        let ana = try await Ana(stage.server)
        try await ana.writes("Do you ship to Taipei?")
        let conversation = try await stage.hers(theo, "Do you ship to Taipei?")

        step("Its messages are there before subscribe returns")
        let rows = MessageRows()
        let subscription = try conversation.subscribe(listener: rows)
        guard case .reset(let shown)? = rows.first?.first else { throw Missing() }
        #expect(try shown.map { try Text($0).text } == ["Do you ship to Taipei?"])

        step("What Ana writes is a new row")
        try await ana.writes("By Friday?")
        let new = try Text(await rows.heard.until { $0.count == 2 }[1])
        #expect(new.text == "By Friday?")
        #expect(new.author == .customer)

        step("Theo's reply keeps its row from waiting to sent")
        let sent = try conversation.composer().send(text: "By Thursday.")
        for state in [MessageState.waiting, .sent] {
            _ = try await rows.heard.until {
                $0.count == 3 && $0[2].id == sent && (try? Text($0[2]).state) == state
            }
        }

        step("After cancel, nothing comes")
        subscription.cancel()
        try await stage.expectSilence(theo, ana) { rows.heard.calls }
    }

    @Test("Sorting, noting and taking back")
    func sorting() async throws {
        let theo = try await stage.signedIn()
        try await Ana(stage.server).writes("Do you ship to Lyon?")
        let conversation = try await stage.hers(theo, "Do you ship to Lyon?")
        let lyon = conversation.id()
        let counts = Counts()
        let counting = try theo.subscribeCounts(listener: counts)

        step("Theo stars the conversation, and once is enough")
        #expect(try conversation.star() != nil)
        #expect(try conversation.star() == nil)
        #expect(try conversation.view().head.starred)

        step("He adds a tag and a note, changes the note, and sees them settle")
        let customer = conversation.customer()
        let customers = Customers()
        let subscription = try customer.subscribe(listener: customers)
        _ = try customer.addTag(tag: "VIP")
        let note = try customer.addNote(text: "Lives in Lyon.")
        _ = try customer.editNote(note: note, text: "Lives near Lyon.")
        let settled = try await customers.heard.until {
            $0.notes.map(\.text) == ["Lives near Lyon."] && $0.notes.map(\.waiting) == [false] && $0.tags == ["VIP"]
        }
        #expect(settled.name == "Ana")
        #expect(settled.notes.map(\.id) == [note])
        #expect(settled.notes.map(\.author) == ["Theo"])
        subscription.cancel()

        step("The filters list it, and the counts say so")
        try await Ana(stage.server).writes("Do you ship to Porto?")
        let porto = try await stage.hers(theo, "Do you ship to Porto?").id()
        let starred = InboxQuery(filter: .starred)
        for query in [starred, InboxQuery(filter: .all, tag: "vip")] {
            #expect(try stage.listed(theo, query) == [lyon])
        }
        #expect(try stage.listed(theo, InboxQuery(filter: .all, sort: .oldest)) == [lyon, porto])
        let now = try await counts.heard.until { $0.all == 2 && $0.unread == 2 }
        #expect([now.starred, now.unassigned, now.closed] == [1, 2, 0])
        #expect(try theo.counts() == now)
        #expect(try theo.channels().map(\.id) == now.channels.map(\.channel))
        counting.cancel()

        step("What is read moves below what is not, and back")
        let rows = InboxRows()
        let watching = try stage.watch(theo, rows)
        _ = try await rows.heard.until { $0.map(\.id) == [porto, lyon] }
        _ = try theo.conversation(id: porto).markRead()
        _ = try await rows.heard.until { $0.map(\.id) == [lyon, porto] }
        _ = try theo.conversation(id: porto).markUnread()
        _ = try await rows.heard.until { $0.map(\.id) == [porto, lyon] && $0[0].markedUnread }
        watching.cancel()

        step("What he begins to write here is there on his other device")
        try conversation.composer().setDraft(text: "We do, in two")
        #expect(try conversation.view().head.preview == "Draft: We do, in two")
        let tablet = try await stage.signedIn("tablet")
        let there = InboxRows()
        let watchingThere = try stage.watch(tablet, there)
        _ = try await there.heard.until { $0.map(\.preview).contains("Draft: We do, in two") }
        watchingThere.cancel()
        #expect(try tablet.conversation(id: lyon).composer().draft() == "We do, in two")

        step("Several are closed at once, and that is taken back")
        let all = InboxQuery(filter: .all)
        let changes = try theo.bulk(conversations: [lyon, porto], action: .close)
        #expect(changes.count == 2)
        #expect(try stage.listed(theo, all).isEmpty)
        _ = try theo.undo(changes: changes)
        #expect(try Set(stage.listed(theo, all)) == [lyon, porto])
        _ = try await theo.sync()
        #expect(try theo.outbox().isEmpty)

        step("With one that is unknown, nothing is changed")
        let unknown = UUID().uuidString.lowercased()
        let refused = try await error { try theo.bulk(conversations: [porto, unknown], action: .star) }
        guard case .NotFound = refused else { throw Missing() }
        #expect(try stage.listed(theo, starred) == [lyon])
    }

    @Test("Searching")
    func searching() async throws {
        let theo = try await stage.signedIn()
        let ana = try await Ana(stage.server)
        for text in ["Is the blue scarf back?", "有沒有藍色的圍巾？"] { try await ana.writes(text) }
        _ = try await stage.hers(theo, "有沒有藍色的圍巾？")

        step("A message is found while its word is typed, and the word is marked")
        #expect(try lines(theo, "sca") == ["Is the blue [sca]rf back?"])
        #expect(try lines(theo, "scarf") == ["Is the blue [scarf] back?"])
        #expect(try lines(theo, "scart").isEmpty)

        step("Two Chinese characters are found")
        #expect(try lines(theo, "圍巾") == ["有沒有藍色的[圍巾]？"])

        step("A name is found from its first letter")
        #expect(try lines(theo, "a") == ["[A]na"])

        step("The server is asked for what is older")
        _ = try await theo.sync()
        let page = try await theo.searchOlder(text: "scarf", page: nil)
        #expect(page.conversations == 1)
        #expect(page.next == nil)
    }

    @Test("Offline, then online")
    func offline() async throws {
        let ana = try await Ana(stage.server)
        // Two functions: what they open is let go when they return, so that the folder can be opened again.
        func writeOffline() async throws -> (conversation: String, message: String) {
            let theo = try await stage.signedIn()
            try await ana.writes("Do you wrap gifts?")
            let conversation = try await stage.hers(theo, "Do you wrap gifts?")
            let statuses = Statuses()
            let subscription = try theo.subscribeStatus(listener: statuses)

            step("While the server is away, what Theo writes waits, and the status says so")
            #expect(statuses.heard.calls >= 1)
            stage.server.stop()
            let message = try conversation.composer().send(text: "We do.")
            _ = try await statuses.heard.until { $0.state == .offline && $0.waiting == 1 }
            subscription.cancel()
            return (conversation.id(), message)
        }
        func readAgain(_ conversation: String, _ message: String) throws {
            let theo = try stage.open(offline: true)
            let last = try found(theo.conversation(id: conversation).view().rows.last)
            #expect(last.id == message)
            #expect(try Text(last).text == "We do.")
            #expect(try Text(last).state == .waiting)
            #expect(try theo.outbox().map(\.text) == ["We do."])
        }
        let (conversation, message) = try await writeOffline()

        step("It waits after a restart, too")
        try readAgain(conversation, message)

        step("The server is back, and Ana reads it once")
        try stage.server.startAgain()
        let theo = try stage.open()
        let statuses = Statuses()
        let subscription = try theo.subscribeStatus(listener: statuses)
        theo.start()
        _ = try await statuses.heard.until { $0.state == .upToDate && $0.waiting == 0 }
        #expect(
            try await ana.reads() == [
                Ana.Line(from: "customer", text: "Do you wrap gifts?"), Ana.Line(from: "staff", text: "We do."),
            ])
        subscription.cancel()
    }

    @Test("A subscription that nobody holds")
    func dropped() async throws {
        let theo = try await stage.signedIn()
        let rows = InboxRows()

        step("It is let go without cancel, and nothing comes")
        _ = try stage.watch(theo, rows)
        try await stage.expectSilence(theo, Ana(stage.server)) { rows.heard.calls }
    }

    @Test("A call that nobody waits for")
    func givenUp() async throws {
        let theo = try stage.open()
        let statuses = Statuses()
        let subscription = try theo.subscribeStatus(listener: statuses)

        step("Theo gives up on signing in, and is signed in all the same")
        let address = stage.server.address
        let call = Task {
            try await theo.signIn(server: address, email: "theo@juniper.example", password: password, shop: nil)
        }
        call.cancel()
        _ = try await statuses.heard.until { $0.state == .upToDate }
        #expect(theo.account()?.staffName == "Theo")
        subscription.cancel()
    }

    @Test("An error of each kind")
    func errors() async throws {
        let theo = try stage.open()

        step("NotSignedIn")
        guard case .NotSignedIn = try await error({ try await theo.sync() }) else { throw Missing() }

        step("WrongPassword")
        let wrong = try await error { try await stage.signIn(theo, password: "not the password") }
        guard case .WrongPassword(let reason) = wrong else { throw Missing() }
        #expect(reason.contains("password"))

        step("Unreachable")
        let unreachable = try await error { try await stage.signIn(theo, address: "http://127.0.0.1:9") }
        guard case .Unreachable(let address, _) = unreachable else { throw Missing() }
        #expect(address == "http://127.0.0.1:9")

        step("ChooseShop")
        _ = try stage.server.addShop("Fern & Flint")
        try stage.server.addTheo("--shop", stage.server.shopId("Fern & Flint"))
        let choose = try await error { try await stage.signIn(theo) }
        guard case .ChooseShop(let shops, _) = choose else { throw Missing() }
        #expect(Set(shops.map(\.name)) == ["Juniper & Clay", "Fern & Flint"])
        let shop = try found(shops.first { $0.name == "Juniper & Clay" }).shop
        try await stage.signIn(theo, shop: shop)

        step("NotFound")
        for unknown in ["no-such-id", UUID().uuidString.lowercased()] {
            guard case .NotFound = try await error({ try theo.conversation(id: unknown) }) else { throw Missing() }
        }

        step("TextEmpty")
        try await Ana(stage.server).writes("One question")
        let composer = try await stage.hers(theo, "One question").composer()
        guard case .TextEmpty = try await error({ try composer.send(text: " \n") }) else { throw Missing() }

        step("TextTooLong")
        let limit = composer.limitChars()
        let long = try await error { try composer.check(text: String(repeating: "x", count: Int(limit) + 1)) }
        guard case .TextTooLong(let said, _) = long else { throw Missing() }
        #expect(said == limit)

        step("SignInAgain")
        try stage.server.admin("staff", "password", "--email", "theo@juniper.example", "--shop", shop)
        guard case .SignInAgain = try await error({ try await theo.sync() }) else { throw Missing() }

        step("Other")
        guard case .Other(let used) = try await error({ try stage.open() }) else { throw Missing() }
        #expect(used.contains("Another process"))
    }

    @Test("A panic")
    func panic() async throws {
        step("It becomes an error, and the core goes on")
        guard case .Other(let reason) = try await error({ try simulatePanic() }) else { throw Missing() }
        #expect(reason.contains("kept"))
        #expect(try stage.open().account() == nil)
    }
}

/// A message's row, without the gaps.
private struct Text {
    let text: String
    let author: Author
    let state: MessageState?

    init(_ row: MessageRow) throws {
        guard case .message(let author, _, let text, _, let state, _, _, _, _) = row.content else { throw Missing() }
        (self.text, self.author, self.state) = (text, author, state)
    }
}

/// The lines that a search shows, with [] around what is marked.
private func lines(_ theo: ShopbellApp, _ typed: String) throws -> [String] {
    try theo.search(query: SearchQuery(text: typed)).groups.flatMap(\.hits).map { hit in
        hit.excerpt.map { $0.marked ? "[\($0.text)]" : $0.text }.joined()
    }
}

/// The core's error that `call` ends with.
private func error(_ call: () async throws -> some Any) async throws -> CoreError {
    do {
        _ = try await call()
    } catch let error as CoreError {
        return error
    }
    throw Missing()
}

/// Says which step begins: the last that was said is the one that failed.
private func step(_ sentence: String) {
    print("  \(sentence)")
}
