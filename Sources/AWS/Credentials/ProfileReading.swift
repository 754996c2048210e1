/// What profiles say of credentials, as botocore understands them: one may take on a role by
/// another, and that by a third.
struct ProfileReading {
    private typealias Finding = CredentialPlan.Finding

    private let settings: AWSSettings
    private var visited: [String] = []

    init(_ settings: AWSSettings) { self.settings = settings }

    /// A role that the profile takes on by other credentials.
    mutating func role(of name: String) -> CredentialPlan.Finding {
        let values = settings.profiles[name]?.values ?? [:]
        // With a token in a file it is no such role, but a web identity.
        guard let role = values["role_arn"], values["web_identity_token_file"] == nil else {
            return .nothing("it names no role to take on")
        }
        visited.append(name)
        guard values["mfa_serial"] == nil else {
            return .wrong(
                "'\(name)' wants a second factor (mfa_serial), and nobody is there to type it",
                hint: "let a role be taken on without one, bound to the machine")
        }
        let assumed: AssumedRole
        switch Self.seconds(values["duration_seconds"]) {
        case .success(let seconds):
            assumed = AssumedRole(
                role: role, session: values["role_session_name"],
                externalID: values["external_id"].map { HiddenText($0) }, seconds: seconds)
        case .failure: return .wrong("duration_seconds of '\(name)' is no number", hint: "use 3600")
        }
        let finding: Finding
        switch (values["source_profile"], values["credential_source"]) {
        case (nil, nil):
            return .wrong(
                "'\(name)' names a role and not who takes it on",
                hint: "add source_profile or credential_source")
        case (_?, _?):
            return .wrong(
                "'\(name)' has both source_profile and credential_source", hint: "leave one out")
        case (let source?, nil): finding = profile(source, for: name)
        case (nil, let place?): finding = credentials(from: place, for: name)
        }
        switch finding {
        case .source(let source): return .source(.role(assumed, by: source))
        case .wrong: return finding
        case .nothing(let why):
            return .wrong(
                "'\(name)' takes on a role by what gives no credentials: \(why)",
                hint: "give some to what it names")
        }
    }

    /// Everything else that a profile may say, in botocore's order.
    func rest(of name: String) -> CredentialPlan.Finding {
        guard let profile = settings.profiles[name] else {
            return .nothing("it is neither in \(settings.paths)")
        }
        let isByPerson = ["sso_session", "sso_start_url", "login_session"].first {
            profile.values[$0] != nil
        }
        if let isByPerson, profile.credentials["aws_access_key_id"] == nil {
            return .wrong(
                "'\(name)' signs in by \(isByPerson), which wants a person at a browser",
                hint: "use a role of the machine, or a key of its own")
        }
        if let finding = Self.keys(profile.credentials, of: name) { return finding }
        if profile.values["credential_process"] != nil {
            return .wrong(
                "'\(name)' has a credential_process, and no program is run that Slipway's own "
                    + "configuration does not name",
                hint: "let the program serve or write the credentials, as 'aws_signing_helper "
                    + "serve' does, and name its address in AWS_EC2_METADATA_SERVICE_ENDPOINT")
        }
        return Self.keys(profile.configuration, of: name) ?? .nothing("it holds no key")
    }

    private mutating func profile(_ source: String, for name: String) -> Finding {
        guard let profile = settings.profiles[source] else {
            return .wrong(
                "'\(name)' names the profile '\(source)', which is neither in \(settings.paths)",
                hint: "write it there, or name another in source_profile")
        }
        let hasKeys = ["aws_access_key_id", "aws_secret_access_key"].contains {
            profile.values[$0] != nil
        }
        // A profile may hold the keys by which it takes on its own role, and no others in turn.
        guard !visited.contains(source) || source == name && hasKeys else {
            let way = (visited + [source]).map { "'\($0)'" }.joined(separator: " by ")
            return .wrong(
                "profiles take on roles by one another: \(way)",
                hint: "let source_profile of one of them lead to a key")
        }
        let takesOn =
            profile.values["role_arn"] != nil && profile.values["web_identity_token_file"] == nil
        if takesOn, !hasKeys { return role(of: source) }
        if let file = profile.values["web_identity_token_file"] {
            guard let role = profile.values["role_arn"] else {
                return .wrong("'\(source)' has a token in a file and no role", hint: "add role_arn")
            }
            return .source(
                .webIdentity(
                    WebIdentity(
                        role: role, session: profile.values["role_session_name"],
                        file: settings.environment.path(file))))
        }
        return rest(of: source)
    }

    private func credentials(from place: String, for name: String) -> Finding {
        switch place.lowercased() {
        case "environment": CredentialPlan.variables(settings.environment)
        case "ecscontainer": CredentialPlan.container(settings.environment)
        case "ec2instancemetadata": CredentialPlan.instance(settings)
        default:
            .wrong(
                "'\(name)' has the credential_source '\(place)'",
                hint: "use Environment, EcsContainer or Ec2InstanceMetadata")
        }
    }

    private static func keys(_ values: [String: String], of name: String) -> Finding? {
        let names = ["aws_access_key_id", "aws_secret_access_key"]
        let found = names.map { values[$0].flatMap { $0.isEmpty ? nil : $0 } }
        if let key = found[0], let secret = found[1] {
            return .source(
                .fixed(
                    Credentials(key: key, secret: secret, token: values["aws_session_token"])))
        }
        guard let missing = found.firstIndex(of: nil), found != [nil, nil] else { return nil }
        return .wrong("'\(name)' has no \(names[missing])", hint: "write both, or neither")
    }

    private struct NoNumber: Error {}

    private static func seconds(_ text: String?) -> Result<Int?, NoNumber> {
        guard let text else { return .success(nil) }
        return Int(text).map { .success($0) } ?? .failure(NoNumber())
    }
}
