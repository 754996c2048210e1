/// How often AWS is asked how far it is: the longer nothing changes, the less.
package struct AskingPace: Hashable, Sendable {
    private let first: Duration
    private let most: Duration
    private var pause: Duration

    package init(from first: Duration = .seconds(1), to most: Duration = .seconds(15)) {
        self.first = first
        self.most = most
        pause = first
    }

    /// The pause before it is asked again.
    package mutating func next(isNews: Bool) -> Duration {
        pause = isNews ? first : min(pause * 3 / 2, most)
        return pause
    }
}
