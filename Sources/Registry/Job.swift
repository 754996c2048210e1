import Curl
import Images
import Threads

/// An errand under way: what it works with, and what is being done for it now.
struct Job<Errand: RegistryErrand> {
    enum State {
        case new
        case asking(Asking)
        case waiting(until: Int)
        case ended
    }

    /// A request on its way.
    struct Asking {
        let transfer: Transfer
        let request: RegistryRequest
        /// The pass that was shown.
        let generation: Int
        /// How often the registry has sent elsewhere.
        let hops: Int
    }

    var errand: Errand
    var content: SentContent?
    var sink: BlobSink?
    var state = State.new
    var answer: [UInt8] = []

    init(_ errand: Errand, content: SentContent? = nil, sink: BlobSink? = nil) {
        self.errand = errand
        self.content = content
        self.sink = sink
    }

    var isEnded: Bool { if case .ended = state { true } else { false } }
    var isNew: Bool { if case .new = state { true } else { false } }
    var isAsking: Bool { if case .asking = state { true } else { false } }

    /// How far its content is on its way.
    var position: Int {
        guard case .asking(let asking) = state, case .part(let range) = asking.request.body else {
            return 0
        }
        return range.lowerBound + asking.transfer.sent
    }
}

/// Errands that come up while others run.
struct Arrivals<Errand: RegistryErrand> {
    /// Rung when there are more.
    let bell: Bell
    /// Those that have come up since the last time; nothing once there will be no more.
    let take: () throws(RegistryProblem) -> [Job<Errand>]?
}
