import Conductor
import Engine
import Pipelines
import Simulation
import Store

/// Records of a house that did something, the same for every test.
enum Samples {
    private static let all = Result { try Trial.run(seed: 15, length: 1_800, on: .log()).record }

    static func records(_ count: Int) throws -> [Record] {
        let records = try all.get()
        guard records.count >= count else { throw TooFew(there: records.count) }
        return Array(records.prefix(count))
    }

    struct TooFew: Error {
        let there: Int
    }
}
