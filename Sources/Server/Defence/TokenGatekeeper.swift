package import Conductor
import Engine
package import HTTP
package import People

/// Lets in whoever shows a token that is valid now, by what is on the record.
package struct TokenGatekeeper: Gatekeeper {
    private let desk: any Desk
    private let rejected: @Sendable (FailedSignIn) -> Void

    /// `rejected` is told of whoever showed one that is not.
    package init(
        _ desk: any Desk, rejected: @escaping @Sendable (FailedSignIn) -> Void = { _ in }
    ) {
        self.desk = desk
        self.rejected = rejected
    }

    package func caller(of request: Request) -> Caller? {
        guard let bearer = request.bearer else { return nil }
        let (state, now) = desk.view
        do throws(Rejection) {
            return try state.caller(showing: bearer, at: now)
        } catch {
            rejected(FailedSignIn(from: request.peer, error))
            return nil
        }
    }
}
