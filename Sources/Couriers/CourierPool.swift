import Dispatch
package import Git
import Synchronization

/// Couriers that wait for work, and no more of them at once than there may be.
package final class CourierPool: Sendable {
    private let program: String
    private let patience: Courier.Patience
    private let places: DispatchSemaphore
    private let state = Mutex(State())

    private struct State {
        var idle: [Courier] = []
        var lent: [ObjectIdentifier: Courier] = [:]
        /// So many were idle at least, at any time since there was last a rest.
        var spare = 0
        var isClosed = false
    }

    package init(_ program: String, atMost limit: Int, patience: Courier.Patience = .standard) {
        self.program = program
        self.patience = patience
        places = DispatchSemaphore(value: limit)
    }

    /// Lends a courier, waiting until one is free.
    package func lend<Result>(
        _ body: (Courier) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        places.wait()
        defer { places.signal() }
        let courier = try take()
        defer { giveBack(courier) }
        return try body(courier)
    }

    private func take() throws(GitError) -> Courier {
        let (waiting, isClosed) = state.withLock { state in
            defer { state.spare = min(state.spare, state.idle.count) }
            return (state.idle.popLast(), state.isClosed)
        }
        guard !isClosed else {
            throw GitError(
                .other, "send a courier", problem: "the server is going down",
                hint: "the next one goes on")
        }
        let courier: Courier
        if let waiting {
            courier = waiting
        } else {
            courier = try Courier.start(program, patience: patience)
        }
        state.withLock { state in
            state.lent[ObjectIdentifier(courier)] = courier
            if state.isClosed { courier.abandon() }
        }
        return courier
    }

    private func giveBack(_ courier: Courier) {
        state.withLock { state in
            state.lent[ObjectIdentifier(courier)] = nil
            if !courier.isSpent, !state.isClosed { state.idle.append(courier) }
        }
    }

    /// How many there are.
    package var count: Int { state.withLock { $0.idle.count + $0.lent.count } }

    /// Ends them all, whatever they are at. Nothing is lent from now on.
    package func close() {
        let leaving = state.withLock { state in
            state.isClosed = true
            for courier in state.lent.values { courier.abandon() }
            defer { state.idle = [] }
            return state.idle
        }
        _ = leaving
    }

    /// Lets those go, but for one, that nobody has needed since the last rest: to start one costs
    /// as much as a hundred looks.
    package func rest() {
        let leaving = state.withLock { state in
            let leaving = state.idle.prefix(max(0, min(state.spare, state.idle.count - 1)))
            state.idle.removeFirst(leaving.count)
            state.spare = state.idle.count
            return Array(leaving)
        }
        // Outside the lock: each is waited for.
        _ = leaving
    }
}
