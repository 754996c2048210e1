package import Engine

/// Where the record is kept. SQLite for one server; whatever takes its place passes the same tests.
///
/// It has one owner, on one thread. What `append` acknowledged is never lost; what it refused, or
/// whose fate is unknown, is settled by opening the store again and reading its head.
package protocol RecordStore: ~Copyable {
    /// The last record's sequence and hash.
    var head: Head { get }

    /// Writes all of them or none, and returns when they would survive a power failure. After an
    /// error the store takes nothing more until it is opened again.
    mutating func append(_ records: [Record]) throws(StoreError)

    /// Up to `limit` records after a sequence, in order.
    func records(after sequence: Int, limit: Int) throws(StoreError) -> [Record]

    /// The newest state that was kept, so that starting up need not read the whole log.
    func snapshot() throws(StoreError) -> EngineState?

    /// Keeps a state as of its sequence. It can be derived again, so losing it loses nothing.
    mutating func keep(_ snapshot: EngineState) throws(StoreError)
}

/// Where the log ends.
package struct Head: Hashable, Sendable {
    package let sequence: Int
    /// Of the last record, in hex.
    package let hash: String

    /// Of a log without a record.
    package static let empty = Head(sequence: 0, hash: String(repeating: "0", count: 64))

    package init(sequence: Int, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }
}

/// What went wrong with the store, in words for whoever hosts it.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case full, readOnly, corrupt, busy, newer, notFound, other
    }

    package let kind: Kind
    package let operation: String
    package let problem: String
    package let hint: String

    package init(_ kind: Kind, _ operation: String, problem: String, hint: String) {
        self.kind = kind
        self.operation = operation
        self.problem = problem
        self.hint = hint
    }

    package var description: String { "cannot \(operation): \(problem)\n  hint: \(hint)" }
}
