package import HTTP

/// How one is let in at a registry: what it wants to see, and what is shown to it from then on.
/// A token lives here and nowhere else.
package struct Admission: Sendable {
    package enum Verdict: Hashable, Sendable {
        /// There is a newer pass than the one that was turned down.
        case again
        /// A token is to be had with this request.
        case fetch(RegistryRequest)
        case refused(RegistryProblem)
    }

    private let login: Login?
    /// The first is needed, the others are of use.
    private var scopes: [String]
    private let registry: WebPlace
    /// What is shown now; nothing as long as nobody has asked.
    package private(set) var pass: Pass?
    /// Which one it is, so that whoever was turned down with an older one knows of a newer.
    package private(set) var generation = 0

    /// `scopes` are what is wanted, as in `repository:team/web:pull,push`.
    package init(_ login: Login?, for scopes: [String], at registry: WebPlace) {
        self.login = login
        self.scopes = scopes
        self.registry = registry
    }

    /// What follows from an answer of status 401 to a request that showed the pass of a generation.
    package mutating func turnedDown(
        _ headers: Headers, shown generation: Int
    ) -> Verdict {
        guard generation == self.generation else { return .again }
        let challenges = Challenge.read(headers.all("WWW-Authenticate"))
        for case .bearer(let realm, let service) in challenges {
            return fetching(from: realm, service: service)
        }
        guard challenges.contains(.basic) else {
            return .refused(
                denied(
                    "does not say how one logs in",
                    hint: "see whether it is a registry, and which port it has"))
        }
        guard let login else {
            return .refused(
                denied(
                    "wants a user and a password", hint: "name the registry's credentials"))
        }
        let basic = Pass(header: login.header)
        guard pass != basic else {
            return .refused(
                denied(
                    "does not take the user and the password",
                    hint: "check both, and that they are still valid"))
        }
        take(basic)
        return .again
    }

    /// Leaves out what is of use only, for those who give no token at all where they would not give
    /// one for everything. False if there is nothing to leave out.
    package mutating func narrow() -> Bool {
        guard scopes.count > 1 else { return false }
        scopes = [scopes[0]]
        return true
    }

    /// What came from where a token is to be had.
    package mutating func took(_ answer: RegistryAnswer) throws(RegistryProblem) {
        let members = try? Members(parsing: answer.body, atMost: 1 << 20, what: "the token")
        let token = (try? members?.text("token")) ?? (try? members?.text("access_token"))
        guard let token, !token.isEmpty, token.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw denied("gives no token", hint: "look at the log of what gives its tokens")
        }
        take(Pass(header: "Bearer \(token)"))
    }

    private mutating func take(_ pass: Pass) {
        self.pass = pass
        generation += 1
    }

    private func fetching(from realm: String, service: String?) -> Verdict {
        guard let place = WebPlace(realm), place.isPrivate else {
            return .refused(
                RegistryProblem(
                    .unsafe,
                    "the registry \(registry) sends to '\(ImageMistake.shown(realm))' for a token",
                    hint: "a password is only sent by https, or within this machine"))
        }
        var fields = service.map { ["service=\($0.percentEncoded)"] } ?? []
        fields += scopes.map { "scope=\($0.percentEncoded)" }
        var request = RegistryRequest(
            .get, fields.isEmpty ? place : place.adding(fields.joined(separator: "&")))
        if let login { request.headers.add("Authorization", login.header) }
        return .fetch(request)
    }

    private func denied(_ problem: String, hint: String) -> RegistryProblem {
        RegistryProblem(.denied, "the registry \(registry) \(problem)", hint: hint)
    }
}
