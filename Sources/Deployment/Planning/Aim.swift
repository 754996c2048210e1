/// What there should be: which releases are complete, and who gets the traffic. Whatever is
/// launched, weighed, drained or stopped follows from the difference to what there is.
package struct Aim: Hashable, Sendable, Codable {
    package enum Split: Hashable, Sendable, Codable {
        /// To each release as much as it has healthy instances.
        case byCount
        /// So many hundredths to the first, and the rest to the second.
        case shares(Int, of: ReleaseID, rest: ReleaseID?)
    }

    /// The release that all this is for.
    package let goal: ReleaseID?
    /// Those that are kept complete.
    package let complete: Set<ReleaseID>
    /// Those that are left as they are: nothing of them is begun or ended.
    package let spared: Set<ReleaseID>
    /// Whose roles without traffic work.
    package let workers: ReleaseID?
    package let split: Split
    package let pace: Pace

    init(
        for goal: ReleaseID?, complete: Set<ReleaseID>, spared: Set<ReleaseID> = [],
        workers: ReleaseID?, split: Split, pace: Pace = .beside
    ) {
        self.goal = goal
        self.complete = complete
        self.spared = spared
        self.workers = workers
        self.split = split
        self.pace = pace
    }

    /// One release, all of it, and beside it perhaps one that is kept for a way back.
    static func only(_ release: ReleaseID?, keeping kept: ReleaseID? = nil) -> Aim {
        let all = [release, kept].compactMap(\.self)
        let split: Split = release.map { .shares(100, of: $0, rest: nil) } ?? .byCount
        return Aim(for: release, complete: Set(all), workers: release, split: split)
    }
}
