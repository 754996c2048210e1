/// How often something that was not taken is sent again.
package struct Patience: Hashable, Sendable {
    /// What became of one try.
    package enum Reception: Hashable, Sendable {
        case taken
        /// The receiver has understood and does not want it: as it is, it never will.
        case rejected(String)
        /// It could not be reached, or could not take it now.
        case failed(String)
    }

    package enum Next: Hashable, Sendable {
        case done
        case again(in: Duration)
        case giveUp(String)
    }

    /// After the last of them, always as long as that.
    private static let pauses: [Duration] = [
        .seconds(1), .seconds(5), .seconds(30), .seconds(120), .seconds(600),
    ]
    /// Nobody wants to hear today what was so yesterday; and what waits behind it gets its turn.
    package static let longest: Duration = .seconds(86_400)
    /// A receiver that is being set up wrong may be put right meanwhile.
    package static let mostRejections = 5

    private var tries = 0
    private var rejections = 0

    package init() {}

    /// `age` is how long ago that was of which it tells.
    package mutating func next(after reception: Reception, age: Duration) -> Next {
        tries += 1
        let pause = Self.pauses[min(tries, Self.pauses.count) - 1]
        switch reception {
        case .taken: return .done
        case .rejected(let problem):
            rejections += 1
            guard rejections < Self.mostRejections, age < Self.longest else {
                return .giveUp(problem)
            }
        case .failed(let problem):
            guard age < Self.longest else { return .giveUp(problem) }
        }
        return .again(in: pause)
    }
}
