package import HTTP
package import People
package import Pipelines

/// Tells who asks. Sessions with cookies, or people from elsewhere, would be others of these.
package protocol Gatekeeper: Sendable {
    /// Nothing where nobody, or nobody known, has shown anything that is valid now.
    func caller(of request: Request) -> Caller?
}

/// Something that was asked for and not given, for whoever keeps account of that.
package struct Refused: Hashable, Sendable {
    /// Nothing if they could not show who they are.
    package let caller: Caller?
    package let permission: Permission?
    package let pipeline: PipelineName?
    /// Where they asked from.
    package let peer: String
    /// What they asked for: `POST /api/v1/pipelines/{pipeline}/executions`.
    package let what: String
}

extension Request {
    /// What is written behind `Bearer`.
    package var bearer: String? {
        let all = headers.all("Authorization")
        guard all.count == 1, let text = all.first else { return nil }
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1]
    }

    /// Whether somebody has tried to show something.
    var hasCredentials: Bool { headers["Authorization"] != nil }
}
