import AWS
import Testing

@Suite("The plan of where credentials are looked for") struct CredentialPlanTests {
    private static func plan(
        _ environment: [String: String] = [:], config: String = "", profile: String? = nil
    ) throws -> [CredentialPlan.Step] {
        var world = PlayedWorld()
        world.files["/home/me/.aws/config"] = config
        return try world.plan(environment, profile: profile).steps
    }

    /// The first that is more than nothing.
    private static func first(
        _ environment: [String: String] = [:], config: String = "", profile: String? = nil
    ) throws -> CredentialPlan.Finding? {
        try plan(environment, config: config, profile: profile).map(\.finding)
            .first { if case .nothing = $0 { false } else { true } }
    }

    private static let role = "arn:aws:iam::123456789012:role/a"
    private static let fixed = CredentialSource.fixed(Credentials(key: key, secret: secret))

    @Test func `its order is botocore's`() throws {
        #expect(
            try Self.plan().map(\.place) == [
                "the environment", "the profile 'default'", "a web identity",
                "the profile 'default'", "the container", "the EC2 instance",
            ])
    }

    @Test func `the environment's key goes before all others`() throws {
        let more = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": Self.role,
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/r", "AWS_PROFILE": "b",
        ]
        let config = "[profile b]\nrole_arn = \(Self.role)\ncredential_source = EcsContainer"
        #expect(try Self.first(keys.merging(more) { $1 }, config: config) == .source(Self.fixed))
    }

    @Test func `a profile that is configured goes before the environment's key`() throws {
        let config = "[profile b]\naws_access_key_id = b\naws_secret_access_key = c"
        #expect(
            try Self.first(keys, config: config, profile: "b")
                == .source(.fixed(Credentials(key: "b", secret: "c"))))
    }

    @Test(
        "half a key is a mistake and no reason to look elsewhere",
        arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    func half(variable: String) throws {
        guard case .wrong(let why, let hint) = try Self.first([variable: secret]) else {
            Issue.record("it is taken")
            return
        }
        #expect(why.hasPrefix("\(variable) is set, and AWS_") && hint == "set both")
        #expect(!why.contains(secret))
    }

    @Test func `a role is taken on by another profile, and that by a third`() throws {
        let config = """
            [profile a]
            role_arn = \(Self.role)
            source_profile = b
            external_id = x
            duration_seconds = 900
            role_session_name = s
            [profile b]
            role_arn = arn:aws:iam::123456789012:role/b
            source_profile = c
            [profile c]
            aws_access_key_id = \(key)
            aws_secret_access_key = \(secret)
            """
        guard
            case .source(.role(let role, by: .role(let other, by: let key))) =
                try Self.first(["AWS_PROFILE": "a"], config: config)
        else {
            Issue.record("it is none of two roles")
            return
        }
        #expect([role.role, other.role] == [Self.role, "arn:aws:iam::123456789012:role/b"])
        #expect(role.session == "s" && role.seconds == 900 && role.externalID?.reveal() == "x")
        #expect(key == Self.fixed)
    }

    @Test(
        "a role is taken on by what credential_source names",
        arguments: ["Environment", "EcsContainer", "Ec2InstanceMetadata"])
    func sources(name: String) throws {
        let config = "[profile a]\nrole_arn = \(Self.role)\ncredential_source = \(name)"
        var environment = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/r"]
        if name == "Environment" { environment.merge(keys) { $1 } }
        guard
            case .source(.role(_, by: let source)) =
                try Self.first(environment, config: config, profile: "a")
        else {
            Issue.record("it is no role")
            return
        }
        switch source {
        case .fixed: #expect(name == "Environment" && source == Self.fixed)
        case .container(let place):
            #expect(name == "EcsContainer" && place.url == "http://169.254.170.2/r")
        case .instance(let place):
            #expect(name == "Ec2InstanceMetadata" && place.url == "http://169.254.169.254")
        default: Issue.record("it is \(source)")
        }
    }

    @Test func `a profile may hold the key by which it takes on its own role`() throws {
        let config = """
            [profile a]
            role_arn = \(Self.role)
            source_profile = a
            aws_access_key_id = \(key)
            aws_secret_access_key = \(secret)
            """
        guard
            case .source(.role(_, by: let source)) = try Self.first(config: config, profile: "a")
        else {
            Issue.record("it is no role")
            return
        }
        #expect(source == Self.fixed)
    }

    @Test(
        "what makes no sense in a profile is told, and nothing else is tried",
        arguments: [
            ("role_arn = r", "'a' names a role and not who takes it on"),
            (
                "role_arn = r\nsource_profile = b\ncredential_source = Environment",
                "'a' has both source_profile and credential_source"
            ),
            ("role_arn = r\nsource_profile = c", "'a' names the profile 'c', which is neither in "),
            (
                "role_arn = r\nsource_profile = a",
                "profiles take on roles by one another: 'a' by 'a'"
            ),
            (
                "role_arn = r\nsource_profile = b",
                "profiles take on roles by one another: 'a' by 'b' by 'a'"
            ),
            (
                "role_arn = r\ncredential_source = Elsewhere",
                "'a' has the credential_source 'Elsewh"
            ),
            (
                "role_arn = r\ncredential_source = Environment",
                "'a' takes on a role by what gives no credentials: AWS_ACCESS_KEY_ID is not set"
            ),
            (
                "role_arn = r\nsource_profile = b\nmfa_serial = m",
                "'a' wants a second factor (mfa_se"
            ),
            (
                "role_arn = r\nsource_profile = b\nduration_seconds = x",
                "duration_seconds of 'a' is no number"
            ),
            ("sso_session = s", "'a' signs in by sso_session, which wants a person at a browser"),
            (
                "credential_process = /bin/true",
                "'a' has a credential_process, and no program is run"
            ),
            ("aws_access_key_id = k", "'a' has no aws_secret_access_key"),
            ("web_identity_token_file = /t", "there is a file with its token, and no role"),
        ])
    func mistakes(profile: String, words: String) throws {
        let config =
            "[profile a]\n\(profile)\n[profile b]\nrole_arn = r\nsource_profile = a\n"
        guard case .wrong(let why, let hint) = try Self.first(config: config, profile: "a") else {
            Issue.record("it is taken")
            return
        }
        #expect(why.hasPrefix(words))
        #expect(!hint.isEmpty)
    }

    @Test func `a web identity is of the environment or of the profile`() throws {
        let environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": Self.role,
            "AWS_ROLE_SESSION_NAME": "s",
        ]
        let config =
            "[default]\nrole_arn = \(Self.role)\nrole_session_name = s\n"
            + "web_identity_token_file = /t"
        let one = try Self.first(environment)
        #expect(try one == Self.first(config: config))
        guard case .source(.webIdentity(let identity)) = one else {
            Issue.record("it is no web identity")
            return
        }
        #expect(identity.role == Self.role && identity.file == "/t" && identity.session == "s")
    }

    @Test(
        "a container's credentials are asked for where nobody reads along",
        arguments: [
            ("https://example.org/c", true), ("http://127.0.0.1:80/c", true),
            ("http://localhost/c", true), ("http://[::1]/c", true),
            ("http://169.254.170.2/c", true), ("http://169.254.170.23/c", true),
            ("http://[fd00:ec2::23]/c", true), ("http://example.org/c", false),
            ("http://169.254.170.3/c", false), ("http://127.0.0.1.example.org/c", false),
            ("http://127.0.0.1@example.org/c", false), ("http://localhost\\@example.org/", false),
            ("http://10.0.0.1/c", false), ("ftp://127.0.0.1/c", false), ("127.0.0.1", false),
        ])
    func container(url: String, isTaken: Bool) throws {
        let finding = try Self.first(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])
        if isTaken {
            guard case .source(.container(let place)) = finding else {
                Issue.record("it is refused")
                return
            }
            #expect(place.url == url && place.proof == .none)
        } else {
            guard case .wrong(let why, _) = finding else {
                Issue.record("it is taken")
                return
            }
            #expect(why.hasPrefix("AWS_CONTAINER_CREDENTIALS_FULL_URI leads to "))
        }
    }

    @Test func `a container's token that would begin a header is refused`() throws {
        let finding = try Self.first([
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nB: c",
        ])
        #expect(
            finding
                == .wrong(
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN has more than one line",
                    hint: "set it to the token and nothing else"))
    }

    @Test func `the instance is not asked where that is switched off`() throws {
        #expect(
            try Self.plan(["AWS_EC2_METADATA_DISABLED": "TRUE"]).last?.finding
                == .nothing("AWS_EC2_METADATA_DISABLED is 'true'"))
    }

    @Test func `nothing that holds credentials shows them`() throws {
        let environment = keys.merging(["AWS_SESSION_TOKEN": token]) { $1 }
        let config =
            "[default]\nrole_arn = r\nexternal_id = \(token)\nsource_profile = b\n[profile b]\n"
            + "aws_access_key_id = \(key)\naws_secret_access_key = \(secret)"
        var world = PlayedWorld()
        world.files["/home/me/.aws/config"] = config
        let settings = try world.settings(environment)
        for value: Any in [settings, settings.environment, CredentialPlan(settings)] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains(secret) && !text.contains(token))
            }
        }
    }
}
