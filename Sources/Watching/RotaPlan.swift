extension Rota {
    /// How often, and how many at once.
    package struct Plan: Hashable, Sendable {
        /// Between looks at a remote that nobody tells of.
        package var interval = Duration.seconds(60)
        /// The same where hooks or files tell of each push: only what was missed is found.
        package var heardInterval = Duration.seconds(300)
        /// After the first failure; it doubles with each that follows.
        package var backOff = Duration.seconds(5)
        package var longestBackOff = Duration.seconds(900)
        /// How much earlier or later a look may be, so that not all come at once: a tenth.
        package var jitter = 0.1
        /// How many may be on their way at once: each is sent to one remote, or on a round.
        package var looksAtOnce = 16
        /// Of these, how many may be at remotes that were never reached or whose last look failed,
        /// and how many at the latter alone: they may hang, and must not keep others waiting.
        package var doubtfulAtOnce = 12
        package var failingAtOnce = 4
        /// How many may be on a round: the others are there for what was hinted at.
        package var roundsAtOnce = 12
        /// How many remotes a round has at most, and how long it lasts before it is broken off. A
        /// remote that takes longer than that has no part in the next one.
        package var roundLength = 128
        package var roundTime = Duration.seconds(1)

        /// What is due so soon may have part in a round that begins now: a fifth of the jitter.
        var haste: Duration { interval * (jitter / 5) }

        package init() {}
    }
}
