package import Engine
package import Store

/// Turns what the engine wants into work for the hands, and what the hands saw into events.
///
/// It holds nothing that is not on the record, so starting up and recovering are the same thing:
/// read the record, look at what is running, close the difference. It has no clock and does no work
/// itself; whoever drives it passes messages in and carries orders out.
package struct Conductor<Store: RecordStore & ~Copyable>: ~Copyable {
    /// How many records may come before another snapshot is kept.
    package static var snapshotInterval: Int { 1_000 }
    /// How many records are read at once.
    package static var pageSize: Int { 1_000 }

    package private(set) var store: Store
    package private(set) var state: EngineState
    /// When the last thing on the record happened, however long ago that is.
    package private(set) var lastMoment: Moment?
    private var snapshotAt: Int
    /// What the last step put on the record.
    package private(set) var recorded: [Record] = []

    /// Reads the record. What is under way by its word is to be compared with what there is.
    package static func recovering(
        _ store: consuming Store
    ) throws(StoreError) -> Conductor {
        let (state, last, snapshotAt) = try read(store)
        return Conductor(store: store, state: state, lastMoment: last, snapshotAt: snapshotAt)
    }

    private static func read(
        _ store: borrowing Store
    ) throws(StoreError) -> (EngineState, Moment?, snapshotAt: Int) {
        var state = try store.snapshot() ?? EngineState()
        let snapshotAt = state.sequence
        while true {
            let page = try store.records(after: state.sequence, limit: pageSize)
            if page.isEmpty { break }
            for record in page { try take(record, into: &state) }
        }
        let last = try store.records(after: max(0, state.sequence - 1), limit: 1).last
        return (state, last?.at, snapshotAt)
    }

    private init(
        store: consuming Store, state: EngineState, lastMoment: Moment?, snapshotAt: Int
    ) {
        self.store = store
        self.lastMoment = lastMoment
        self.state = state
        self.snapshotAt = snapshotAt
    }

    /// Decides the messages in order, makes all that follows durable with one write, and only then
    /// answers: what is answered has happened.
    package mutating func step(
        _ messages: [Message], at now: Moment
    ) throws(StoreError) -> [Reply] {
        var replies: [Reply] = []
        var records: [Record] = []
        for message in messages {
            do {
                let decided = try state.decide(message.command, by: message.by, at: now)
                records += decided.records
                replies.append(
                    .done(execution: decided.execution, through: state.sequence))
            } catch {
                replies.append(.refused(error))
            }
        }
        if !records.isEmpty { try store.append(records) }
        recorded = records
        if state.sequence - snapshotAt >= Self.snapshotInterval {
            try store.keep(state)
            snapshotAt = state.sequence
        }
        return replies
    }

    private static func take(
        _ record: Record, into state: inout EngineState
    ) throws(StoreError) {
        do {
            try state.apply(record)
        } catch {
            throw StoreError(
                .corrupt, "read the record", problem: "\(error)",
                hint: "`slipway audit verify` tells whether it was altered")
        }
    }
}

/// A command and whose it is.
package struct Message: Sendable {
    package let command: Command
    package let by: Who

    package init(_ command: Command, by: Who) {
        self.command = command
        self.by = by
    }
}

package enum Reply: Sendable {
    /// It is on the record, up to this sequence.
    case done(execution: ExecutionID?, through: Int)
    case refused(Refusal)
}

extension Conductor where Store == SQLiteStore {
    /// After a write that the disk refused: what was decided in vain is forgotten.
    package mutating func recover() throws(StoreError) {
        try store.recover()
        (state, lastMoment, snapshotAt) = try Self.read(store)
        recorded = []
    }
}
