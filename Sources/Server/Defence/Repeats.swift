import Cryptography
import Engine
import HTTP
import People
import Pipelines

/// The word by which a client says that it asks again, and not once more.
struct IdempotencyKey: Hashable, Sendable {
    static let longest = 200

    private let owner: String
    private let text: String

    /// Nothing if there is none.
    init?(of call: Call) throws(Problem) {
        guard let text = call.request.headers["Idempotency-Key"] else { return nil }
        guard 1...Self.longest ~= text.utf8.count, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
        else {
            throw Problem(
                400, "query", "'Idempotency-Key' is no key",
                hint: "use 1 to \(Self.longest) letters, digits and signs, such as a UUID")
        }
        owner = call.caller?.name.description ?? ""
        self.text = text
    }

    /// One person's keys mean nothing in another's hands.
    var request: RequestID { RequestID("\(owner)/\(text)") }
}

/// The answers that keys were given, so that whoever asks again is told the same. A value;
/// starts of executions are remembered on the record besides, so they outlive the server.
struct Repeats: Sendable {
    /// How many keys are remembered; the oldest is forgotten first.
    static let kept = 1_000
    /// How many may wait for the first of them to be answered.
    static let mostWaiting = 16

    struct Key: Hashable, Sendable {
        let request: RequestID
        let path: [String]
    }

    enum Verdict: Sendable {
        /// Nobody has asked this before.
        case new
        case known(Response)
        /// The first is still being answered; this one will be answered with it.
        case waits
        case refused(Problem)
    }

    private struct Entry {
        let digest: String
        var answer: Response?
        var waiting: [any Answering] = []
    }

    private var entries: [Key: Entry] = [:]
    private var order: [Key] = []

    mutating func begin(_ key: Key, body: [UInt8], _ answering: any Answering) -> Verdict {
        let digest = SHA256.hex(of: body)
        guard let entry = entries[key] else {
            entries[key] = Entry(digest: digest)
            order.append(key)
            forget()
            return .new
        }
        guard entry.digest == digest else {
            return .refused(
                Problem(
                    409, "conflict", "this key was given with another body before",
                    hint: "use a new 'Idempotency-Key' for a new wish"))
        }
        if let answer = entry.answer { return .known(answer) }
        guard entry.waiting.count < Self.mostWaiting else { return .refused(.busy) }
        entries[key]?.waiting.append(answering)
        return .waits
    }

    /// Those who asked the same meanwhile. What failed on our side may be tried again.
    mutating func end(_ key: Key, with answer: Response) -> [any Answering] {
        guard var entry = entries[key] else { return [] }
        let waiting = entry.waiting
        if answer.status >= 500 || answer.status == 429 {
            entries[key] = nil
            order.removeAll { $0 == key }
        } else {
            entry.answer = answer
            entry.waiting = []
            entries[key] = entry
        }
        return waiting
    }

    /// One that is still being answered stays, whatever its age.
    private mutating func forget() {
        guard order.count > Self.kept,
            let index = order.firstIndex(where: { entries[$0]?.answer != nil })
        else { return }
        entries[order.remove(at: index)] = nil
    }
}
