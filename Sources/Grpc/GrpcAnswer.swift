/// What comes of one call.
package enum GrpcAnswer: Hashable, Sendable {
    case message([UInt8])
    /// The words are for whoever has called, and for its log.
    case refused(GrpcStatus, String)
}

/// Why a call is refused, by the numbers that gRPC has for it.
package enum GrpcStatus: Int, Sendable {
    case invalidArgument = 3
    case notFound = 5
    case resourceExhausted = 8
    case aborted = 10
    case unimplemented = 12
}
