/// Where credentials are looked for, in which order, and what is known of each place before anybody
/// is asked. The order is botocore's.
package struct CredentialPlan: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package let place: String
        package let finding: Finding

        init(_ place: String, _ finding: Finding) {
            self.place = place
            self.finding = finding
        }
    }

    package enum Finding: Hashable, Sendable {
        /// There are none there; the next place is looked at.
        case nothing(String)
        /// Somebody meant there to be some and made a mistake, so no other place is looked at.
        case wrong(String, hint: String)
        case source(CredentialSource)
    }

    package let steps: [Step]

    package init(_ settings: AWSSettings) {
        let environment = settings.environment
        var steps: [Step] = []
        if settings.isChosen {
            steps.append(
                Step("the environment", .nothing("not looked at, as a profile is configured")))
        } else {
            steps.append(Step("the environment", Self.variables(environment)))
        }
        let profile = "the profile '\(settings.name)'"
        if settings.profiles[settings.name] == nil, let namedBy = settings.namedBy {
            let words = "it is named by \(namedBy), and is neither in \(settings.paths)"
            steps.append(
                Step(profile, .wrong(words, hint: "write it there, or name one that is there")))
        } else {
            var reader = ProfileReading(settings)
            steps.append(Step(profile, reader.role(of: settings.name)))
            steps.append(
                Step("a web identity", Self.webIdentity(settings, isChosen: settings.isChosen)))
            steps.append(Step(profile, reader.rest(of: settings.name)))
        }
        steps.append(Step("the container", Self.container(environment)))
        steps.append(Step("the EC2 instance", Self.instance(settings)))
        self.steps = steps
    }

    static func variables(_ environment: AWSEnvironment) -> Finding {
        let key = environment["AWS_ACCESS_KEY_ID"]
        let secret = environment["AWS_SECRET_ACCESS_KEY"]
        switch (key, secret) {
        case (nil, nil): return .nothing("AWS_ACCESS_KEY_ID is not set")
        case (_?, nil):
            return .wrong(
                "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not", hint: "set both")
        case (nil, _?):
            return .wrong(
                "AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not", hint: "set both")
        case (let key?, let secret?):
            let token = environment["AWS_SESSION_TOKEN"] ?? environment["AWS_SECURITY_TOKEN"]
            return .source(.fixed(Credentials(key: key, secret: secret, token: token)))
        }
    }

    static func webIdentity(_ settings: AWSSettings, isChosen: Bool) -> Finding {
        let values = settings.profile.values
        func value(_ variable: String, _ key: String) -> String? {
            (isChosen ? nil : settings.environment[variable]) ?? values[key]
        }
        guard let file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else {
            return .nothing("AWS_WEB_IDENTITY_TOKEN_FILE is not set")
        }
        guard let role = value("AWS_ROLE_ARN", "role_arn") else {
            return .wrong("there is a file with its token, and no role", hint: "set AWS_ROLE_ARN")
        }
        let session = value("AWS_ROLE_SESSION_NAME", "role_session_name")
        return .source(
            .webIdentity(
                WebIdentity(role: role, session: session, file: settings.environment.path(file))))
    }
}
