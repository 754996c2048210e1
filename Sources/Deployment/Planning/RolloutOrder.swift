package import Pipelines

/// What somebody wants to be deployed, and how.
package struct RolloutOrder: Hashable, Sendable, Codable {
    package let release: Release
    package let strategy: Strategy
    package let hooks: [Hook]
    /// What they run; nothing of those that nobody really runs.
    package let work: [Hook: HookWork]?
    /// How long a person may take to look at it before traffic goes to it; nothing if nobody is to.
    package var asks: Duration? { asking?.wrappedValue }
    private let asking: Written?
    /// The person, or nothing if it is automation.
    package let person: String?
    /// Whether it waits where its environment is frozen.
    package var heedsHours: Bool { hours ?? false }
    private let hours: Bool?
    /// Whether those that wait need not be deployed any more.
    package let outdatesWaiting: Bool

    package init(
        _ release: Release, by strategy: Strategy, hooks: Set<Hook> = [],
        work: [Hook: HookWork] = [:], asks: Duration? = nil, person: String? = nil,
        outdatesWaiting: Bool = false, heedsHours: Bool = false
    ) {
        self.release = release
        self.strategy = strategy
        self.hooks = hooks.union(work.keys).sorted { $0.rawValue < $1.rawValue }
        self.work = work.isEmpty ? nil : work
        asking = asks.map(Written.init(wrappedValue:))
        self.person = person
        self.outdatesWaiting = outdatesWaiting
        hours = heedsHours ? true : nil
    }
}
