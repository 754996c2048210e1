/// Why a connection cannot go on.
package enum GrpcProblem: Error, Hashable, CustomStringConvertible {
    case noMemory
    /// In the library's own words.
    case broken(String)

    package var description: String {
        switch self {
        case .noMemory: "there is no memory left to speak gRPC"
        case .broken(let words): "the other side speaks no HTTP/2 that can be followed: \(words)"
        }
    }
}
