package import Pipelines

/// What somebody wants to be deployed, and how.
package struct Order: Hashable, Sendable {
    package let release: Release
    package let strategy: Strategy
    package let hooks: Set<Hook>
    /// How long a person may take to look at it before traffic goes to it; nothing if nobody is to.
    package let asks: Duration?
    /// The person, or nothing if it is automation.
    package let person: String?
    /// Whether those that wait need not be deployed any more.
    package let outdatesWaiting: Bool

    package init(
        _ release: Release, by strategy: Strategy, hooks: Set<Hook> = [], asks: Duration? = nil,
        person: String? = nil, outdatesWaiting: Bool = false
    ) {
        self.release = release
        self.strategy = strategy
        self.hooks = hooks
        self.asks = asks
        self.person = person
        self.outdatesWaiting = outdatesWaiting
    }
}
