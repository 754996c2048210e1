package import Engine
import Pipelines

/// One thing that happens to the world. A run is a list of them, so it can be replayed, cut down
/// and read.
package enum Step: Hashable, Sendable {
    /// Messages that arrive together; what they name may be gone by then, and then they are
    /// refused.
    case tell([Told])
    /// Time passes, on the clock that the house counts with.
    case pass(milliseconds: Int64)
    /// Somebody sets the machine's clock.
    case setClock(by: Int64)
    /// The conductor compares what it wants with what is there.
    case look
    /// The order at this place of those on their way arrives, and is repeated or lost if it says
    /// so.
    case order(Int, Delivery)
    case attemptEnds(Int, AttemptResult)
    /// The runner's own word of an attempt arrives, early, late or a second time.
    case report(Int)
    case window(Int, isOpen: Bool)
    /// The disk fails at the n-th operation from now.
    case diskFault(SimulatedDisk.Fault)
    /// The server is killed; the seed decides what becomes of writes that were not synced.
    case kill(seed: UInt64)
    case runnerCrash
}

/// A command and whose it is.
package struct Told: Hashable, Sendable {
    package let command: Command
    package let by: Who
}

package enum Delivery: Hashable, Sendable {
    case once, twice, lost
}
