package import Conductor
import Engine
package import HTTP
package import People

/// Tells who asks. Sessions with cookies, or people from elsewhere, would be others of these.
package protocol Gatekeeper: Sendable {
    /// Nothing where nobody has shown anything.
    func caller(of request: Request) throws(Rejection) -> Caller?
}

/// Lets in whoever shows a token of the house.
package struct HouseGatekeeper: Gatekeeper {
    private let desk: any Desk

    package init(_ desk: any Desk) { self.desk = desk }

    package func caller(of request: Request) throws(Rejection) -> Caller? {
        let shown = request.headers.all("Authorization")
        guard let first = shown.first else { return nil }
        let parts = first.split(separator: " ", maxSplits: 1).map(String.init)
        guard shown.count == 1, parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Rejection(.malformed)
        }
        let (state, now) = desk.view
        return try state.caller(showing: parts[1], at: now)
    }
}
