/// Takes on roles at AWS's Security Token Service.
struct SecurityTokens {
    private static let version = "2011-06-15"
    /// The one region that every account of the usual partition can ask.
    private static let usualRegion = "us-east-1"

    let caller: AWSCaller

    private var region: String { caller.settings.region ?? Self.usualRegion }

    func credentials(
        for role: AssumedRole, by who: Credentials
    ) throws(AWSProblem) -> Credentials {
        var fields = [("RoleArn", role.role), ("RoleSessionName", session(role.session))]
        if let id = role.externalID { fields.append(("ExternalId", id.reveal())) }
        if let seconds = role.seconds { fields.append(("DurationSeconds", "\(seconds)")) }
        let request = AWSRequest(
            .tokens, "AssumeRole", .query(version: Self.version, fields.map { ($0.0, $0.1) }))
        let answer = try caller.ask(request, in: region) { _ throws(AWSProblem) in who }
        return try Self.read(answer, of: "AssumeRole")
    }

    func credentials(for identity: WebIdentity, token: String) throws(AWSProblem) -> Credentials {
        let fields = [
            ("RoleArn", identity.role), ("RoleSessionName", session(identity.session)),
            ("WebIdentityToken", token),
        ]
        let operation = "AssumeRoleWithWebIdentity"
        let request = AWSRequest(
            .tokens, operation, .query(version: Self.version, fields.map { ($0.0, $0.1) }))
        do {
            let answer = try caller.ask(request, in: region) { _ throws(AWSProblem) in nil }
            return try Self.read(answer, of: operation)
        } catch {
            // The service may say again what it was told.
            let problem = error.problem.replacing(token, with: "***")
            throw AWSProblem(error.cause, problem, hint: error.hint)
        }
    }

    /// What the account's log calls whoever took on the role.
    private func session(_ name: String?) -> String { name ?? "slipway-\(caller.outside.now())" }

    private static func read(
        _ bytes: [UInt8], of operation: String
    ) throws(AWSProblem) -> Credentials {
        guard let answer = XMLElement.reading(bytes)?.first("Credentials"),
            let key = answer["AccessKeyId"], let secret = answer["SecretAccessKey"],
            let token = answer["SessionToken"], let text = answer["Expiration"],
            let expires = SignedTime.seconds(ofExpiry: text)
        else {
            throw AWSProblem(
                .unreadable, "STS \(operation): the answer holds no credentials",
                hint: "check the endpoint that it was asked at")
        }
        return Credentials(key: key, secret: secret, token: token, expires: expires)
    }
}
