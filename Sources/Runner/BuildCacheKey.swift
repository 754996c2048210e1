import Assignments
import Attempts
import Engine
import Pipelines

/// Whose layers a build may find and leave: those of the same action of the same pipeline, for the
/// same line of development. Whoever built there could have put anything into them; who can build
/// for a branch has its layers, and nobody else's build ever sees these.
struct BuildCacheKey {
    /// Of all kinds together.
    private static let room = 20 << 30
    /// Users whose files lie on the disk have to be the same the next time: these belong to kinds
    /// of builds, as long as nobody else has them.
    private static let firstPlace = 64
    private static let places = 192

    private let name: [String]

    /// Nothing where nothing is built.
    init?(_ assignment: Assignment) {
        guard let order = assignment.order, case .build(let build) = order.content else {
            return nil
        }
        let attempt = assignment.attempt
        name =
            [
                "\(attempt.visit.execution.pipeline)", order.line, "\(attempt.visit.stage)",
                "\(attempt.job)",
            ] + build.platforms
    }

    func spec(house: String) -> BuildCacheSpec {
        BuildCacheSpec(shelf: "\(house)/builds", room: Self.room, name: name)
    }

    /// The slot that a build of this kind takes, counted from the house's first. Not the same in
    /// each house: those of one machine name their pipelines alike, and share their users.
    func place(in house: String) -> Int {
        let hash = ([house] + name).joined(separator: "\0").utf8.reduce(5_381) {
            ($0 &* 33 ^ Int($1)) & 0xFFFF_FFFF
        }
        return Self.firstPlace + hash % Self.places
    }
}
