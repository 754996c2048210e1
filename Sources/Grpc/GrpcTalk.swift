/// A call in which both sides say as much as they like, in whatever order. One thread has it.
package protocol GrpcTalk: AnyObject {
    /// Takes what the other side has said.
    func hear(_ message: [UInt8])

    /// What is said next; asked only when there is room for it.
    func say() -> GrpcSaying
}

package enum GrpcSaying: Hashable, Sendable {
    case message([UInt8])
    /// Nothing until more has been heard.
    case nothing
    case end
    /// The end, because it cannot go on. The words are for whoever has called.
    case refused(GrpcStatus, String)
}
