import SmallFiles

/// What the environment and the shared files say of AWS, read once. Making it asks nobody.
package struct AWSSettings: CustomReflectable {
    package let environment: AWSEnvironment
    /// The profile whose word counts.
    let name: String
    /// Where that name is from; nothing if nobody has named one.
    let namedBy: String?
    /// By whoever called, and not by the environment: then the environment's own keys do not count.
    let isChosen: Bool
    let profiles: Profiles
    let paths: String

    /// `profile` is one that Slipway's own configuration names.
    package static func read(
        _ environment: AWSEnvironment, profile: String? = nil, outside: Outside
    ) throws(AWSProblem) -> AWSSettings {
        let configuration = environment.path(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config")
        let credentials = environment.path(
            environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials")
        let profiles = Profiles(
            configuration: try file(configuration, outside),
            credentials: try file(credentials, outside))
        return AWSSettings(
            environment, profile: profile, profiles: profiles,
            paths: "'\(configuration)' and '\(credentials)'")
    }

    init(
        _ environment: AWSEnvironment, profile: String?, profiles: Profiles, paths: String
    ) {
        let variable = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"].first { environment[$0] != nil }
        self.environment = environment
        name = profile ?? variable.flatMap { environment[$0] } ?? "default"
        namedBy = profile.map { _ in "the configuration" } ?? variable
        isChosen = profile != nil
        self.profiles = profiles
        self.paths = paths
    }

    var profile: Profiles.Profile { profiles[name] ?? Profiles.Profile() }

    /// A variable, or else the profile's key.
    func value(_ variables: String..., key: String) -> String? {
        variables.lazy.compactMap { environment[$0] }.first
            ?? profile.values[key].flatMap { $0.isEmpty ? nil : $0 }
    }

    package var region: String? { value("AWS_REGION", "AWS_DEFAULT_REGION", key: "region") }

    /// A file of authorities, where a proxy signs in AWS's place.
    var authorities: String? {
        value("AWS_CA_BUNDLE", key: "ca_bundle").map(environment.path)
    }

    /// How often one thing is asked for at most.
    var tries: Int {
        value("AWS_MAX_ATTEMPTS", key: "max_attempts").flatMap { Int($0) }
            .map { min(max($0, 1), 10) } ?? 3
    }

    package var customMirror: Mirror { Mirror(self, children: ["profile": name]) }

    private static func file(_ path: String, _ outside: Outside) throws(AWSProblem) -> SharedFile {
        let bytes: [UInt8]
        do {
            bytes = try outside.read(path).get()
        } catch {
            // That there is none is as usual as that there is one.
            if error.isMissing { return .empty }
            throw AWSProblem(
                .settings, "cannot read '\(path)': \(error)",
                hint: "let the user of Slipway read it, or name another by its variable")
        }
        return try SharedFile(parsing: String(decoding: bytes, as: UTF8.self), path: path)
    }
}
