import HTTP

/// Goes the way that a plan says.
struct CredentialSearch {
    let caller: AWSCaller

    func find(_ plan: CredentialPlan) throws(AWSProblem) -> Credentials {
        var tried: [String] = []
        for step in plan.steps {
            switch step.finding {
            case .nothing(let why): tried.append("\(step.place): \(why)")
            case .wrong(let why, let hint):
                throw AWSProblem(
                    .settings, Self.words(tried + ["\(step.place): \(why)"]), hint: hint)
            case .source(let source):
                do {
                    return try credentials(from: source)
                } catch  where error.cause != .stopped {
                    tried.append("\(step.place): \(error.problem)")
                    // On a machine that is none of EC2's nobody meant it to be asked.
                    if case .instance = source { continue }
                    throw AWSProblem(error.cause, Self.words(tried), hint: error.hint)
                }
            }
        }
        throw AWSProblem(
            .credentials, Self.words(tried),
            hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role")
    }

    private static func words(_ tried: [String]) -> String {
        let lines = tried.enumerated().map { "\($0.offset + 1). \($0.element)" }
        return "no credentials for AWS were found; looked at, in this order: "
            + lines.joined(separator: "; ")
    }

    private func credentials(from source: CredentialSource) throws(AWSProblem) -> Credentials {
        switch source {
        case .fixed(let credentials): return credentials
        case .role(let role, by: let other):
            return try SecurityTokens(caller: caller)
                .credentials(for: role, by: credentials(from: other))
        case .webIdentity(let identity):
            let token = try text(of: identity.file, named: "AWS_WEB_IDENTITY_TOKEN_FILE")
            return try SecurityTokens(caller: caller).credentials(for: identity, token: token)
        case .container(let place):
            let proof: HiddenText? =
                switch place.proof {
                case .none: nil
                case .token(let token): token
                case .file(let path):
                    HiddenText(
                        try text(of: path, named: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
                }
            return try MachineCredentials(outside: caller.outside).container(place, proof: proof)
        case .instance(let place):
            return try MachineCredentials(outside: caller.outside).instance(place)
        }
    }

    private func text(of path: String, named variable: String) throws(AWSProblem) -> String {
        let bytes: [UInt8]
        do {
            bytes = try caller.outside.read(path).get()
        } catch {
            throw AWSProblem(
                .credentials, "cannot read '\(path)', which \(variable) names: \(error)",
                hint: "let the user of Slipway read it")
        }
        let text = SharedFile.trimmed(String(decoding: bytes, as: UTF8.self))
        guard !text.isEmpty, text.isOneLine else {
            throw AWSProblem(
                .credentials, "'\(path)', which \(variable) names, is no line of text",
                hint: "let it hold the token and nothing else")
        }
        return text
    }
}
