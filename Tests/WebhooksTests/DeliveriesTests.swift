import Testing
import Webhooks

@Suite("Deliveries that were here before") struct DeliveriesTests {
    private func hook(_ text: String = "{}", id: String? = "1") throws -> Webhook {
        var sending = Sending(
            forge: .github, headers: [("X-GitHub-Event", "push")], body: Array(text.utf8))
        sending.set("X-GitHub-Delivery", id)
        sending.set("X-Hub-Signature-256", "sha256=\(Sending.hex(sending.body))")
        return try sending.verify()
    }

    @Test func `are refused by their id, by their body, and at this source only`() throws {
        var seen = Deliveries()
        try seen.take(try hook(), to: "app", at: 0)
        #expect(throws: HookRefusal.replayed) { try seen.take(try hook(), to: "app", at: 1) }
        #expect(throws: HookRefusal.replayed) {
            try seen.take(try hook(id: "2"), to: "app", at: 1)
        }
        #expect(throws: HookRefusal.replayed) {
            try seen.take(try hook(#"{"a":1}"#), to: "app", at: 1)
        }
        try seen.take(try hook(#"{"a":2}"#, id: nil), to: "app", at: 1)
        try seen.take(try hook(), to: "other", at: 1)
    }

    @Test func `are forgotten after a while`() throws {
        var seen = Deliveries()
        try seen.take(try hook(), to: "app", at: 0)
        #expect(throws: HookRefusal.replayed) {
            try seen.take(try hook(), to: "app", at: Deliveries.window - 1)
        }
        try seen.take(try hook(), to: "app", at: Deliveries.window)
        #expect(seen.count == 2)
    }

    @Test func `take only so much memory, and the oldest go first`() throws {
        var seen = Deliveries()
        for number in 0..<7_000 {
            try seen.take(try hook("\(number)", id: "\(number)"), to: "app", at: Int64(number))
        }
        #expect(seen.count == Deliveries.maximum)
        #expect(throws: HookRefusal.replayed) {
            try seen.take(try hook("6999", id: "x"), to: "app", at: 7_000)
        }
        try seen.take(try hook("0", id: "0"), to: "app", at: 7_000)
    }

    @Test("say what to do, and to a stranger nothing", arguments: HookRefusal.allCases)
    func words(refusal: HookRefusal) {
        #expect(!refusal.problem.isEmpty && !refusal.hint.isEmpty)
        #expect([200, 401, 413].contains(refusal.status))
    }
}
