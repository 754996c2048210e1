package import HTTP

/// Where one request is on its way through the server: told by the library's thread, by whoever
/// answers and by whoever wakes a stream, in any order.
///
/// The library's thread never waits. Where there is nothing to do it suspends the connection, and
/// each suspension is followed by exactly one resumption.
package struct Passage {
    private enum State {
        /// Not read to its end.
        case arriving
        /// The handler is being told.
        case asked
        /// Suspended until there is an answer.
        case waiting
        /// To be sent by the library's thread.
        case answered(Response)
        /// The library has all that there is to send, or will ask.
        case sending
        /// The stream is being asked.
        case asking
        /// Woken meanwhile, so that it has to be asked again.
        case woken
        /// Suspended until the stream is woken.
        case resting
        /// The library has forgotten the connection.
        case gone
    }

    private var state = State.arriving
    /// The client has hung up, so that nothing is worth waiting for.
    private var hasHungUp = false
    private var isCut = false
    /// The answer to a request that had not come to its end when all were cut.
    private var lastAnswer: Response?

    package init() {}

    /// What becomes of an answer or a word.
    package enum Effect: Hashable {
        case none
        case resume
        /// It came too late, or twice: nobody will ever take it.
        case ignored
    }

    package var isUnanswered: Bool {
        switch state {
        case .asked, .waiting: true
        case .arriving, .answered, .sending, .asking, .woken, .resting, .gone: false
        }
    }

    /// The request is about to be handed over. Gives whether it has not been yet.
    package mutating func hand() -> Bool {
        guard case .arriving = state else { return false }
        state = .asked
        return true
    }

    /// There is an answer: only the first counts.
    package mutating func answer(_ response: Response) -> Effect {
        switch state {
        case .asked:
            state = .answered(response)
            return .none
        case .waiting:
            state = .answered(response)
            return .resume
        case .arriving, .answered, .sending, .asking, .woken, .resting, .gone: return .ignored
        }
    }

    /// What to send now; if there is nothing, the connection is to be suspended.
    package mutating func collect() -> Response? {
        switch state {
        case .answered(let response):
            state = .sending
            return response
        case .asked:
            state = lastAnswer == nil ? .waiting : .sending
            return lastAnswer
        case .arriving, .waiting, .sending, .asking, .woken, .resting, .gone: return nil
        }
    }

    /// The stream is about to be asked. Gives whether it is worth it.
    package mutating func ask() -> Bool {
        switch state {
        case .sending, .woken: state = .asking
        case .arriving, .asked, .waiting, .answered, .asking, .resting, .gone: return false
        }
        return !isCut
    }

    /// The stream has given something, or has ended.
    package mutating func give() {
        switch state {
        case .asking, .woken: state = .sending
        case .arriving, .asked, .waiting, .answered, .sending, .resting, .gone: break
        }
    }

    package enum Rest: Hashable {
        case askAgain
        case suspend
        /// Nobody would be there to hear it.
        case breakOff
    }

    /// The stream has nothing for now.
    package mutating func rest() -> Rest {
        if isCut || hasHungUp { return .breakOff }
        switch state {
        case .asking:
            state = .resting
            return .suspend
        case .woken:
            return .askAgain
        case .arriving, .asked, .waiting, .answered, .sending, .resting, .gone: return .breakOff
        }
    }

    /// The stream may have more.
    package mutating func wake() -> Effect {
        switch state {
        case .asking: state = .woken
        case .resting:
            state = .sending
            return .resume
        case .arriving, .asked, .waiting, .answered, .sending, .woken, .gone: break
        }
        return .none
    }

    /// The client has closed its side. It may still read what is on its way, but is not worth
    /// waiting with.
    package mutating func hangUp() -> Effect {
        hasHungUp = true
        guard case .resting = state else { return .none }
        isCut = true
        state = .sending
        return .resume
    }

    /// Whoever waits for an answer gets this one, and a stream breaks off.
    package mutating func cut(with response: Response) -> Effect {
        switch state {
        case .arriving: lastAnswer = response
        case .waiting, .asked: return answer(response)
        case .resting:
            isCut = true
            state = .sending
            return .resume
        case .sending, .asking, .woken: isCut = true
        case .answered, .gone: break
        }
        return .none
    }

    /// The library has forgotten the connection. Gives an answer that it never took.
    package mutating func leave() -> Response? {
        defer { state = .gone }
        guard case .answered(let response) = state else { return nil }
        return response
    }
}
