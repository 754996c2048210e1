package import HTTP
import Synchronization

/// How long the body of a request may be, by what is asked; nothing where the standard is right.
package typealias BodyLimit = @Sendable (Request.Method, [String]) -> Int?

/// What every request of one server is met with.
final class Reception: Sendable {
    let limits: Limits
    let isSecure: Bool
    let doorkeeper: Doorkeeper
    let handler: Handler
    private let bodyLimit: BodyLimit
    let log: @Sendable (AccessRecord) -> Void
    private let bodyBytes = Atomic(0)

    init(
        limits: Limits, isSecure: Bool, doorkeeper: Doorkeeper, bodyLimit: @escaping BodyLimit,
        log: @escaping @Sendable (AccessRecord) -> Void, handler: @escaping Handler
    ) {
        self.limits = limits
        self.isSecure = isSecure
        self.doorkeeper = doorkeeper
        self.bodyLimit = bodyLimit
        self.log = log
        self.handler = handler
    }

    func limit(of head: RequestHead) -> Int {
        min(bodyLimit(head.method, head.target.path) ?? limits.bodyBytes, limits.largestBodyBytes)
    }

    /// Gives whether there is room for so much more of bodies; it has to be released.
    func reserve(_ count: Int) -> Bool {
        let all = bodyBytes.add(count, ordering: .relaxed).newValue
        if all <= limits.allBodiesBytes { return true }
        release(count)
        return false
    }

    func release(_ count: Int) { bodyBytes.subtract(count, ordering: .relaxed) }
}
