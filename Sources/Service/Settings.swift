package import Addresses
package import Metrics
package import Notices
package import Pipelines
import YAML

/// What whoever hosts a server has decided, in `server.yml`. A repository has no say in it, and a
/// server without such a file works too.
package struct Settings: Hashable, Sendable {
    /// Where pipelines come from besides the API: files of this machine.
    package var pipelines: [String] = []
    /// Repositories that hold definitions.
    package var repositories: [DefinitionRepository] = []
    package var runners: String?
    package var registries: String?
    /// Where people reach the server, for links in messages.
    package var address: String?
    package var certificate: Certificate?
    /// As whom ECS is asked, and what may be deployed there.
    package var ecs = ECSAccount()
    /// How often a remote is asked for news that nobody has told of.
    package var poll: Duration = .seconds(60)
    /// Places that repositories and webhooks may be at in spite of what they are.
    package var allowed: Set<IPAddress.Place> = []
    /// Folders of this machine in which repositories may lie that definitions name.
    package var folders: [String] = []
    /// A file of authorities whose word on certificates counts, and one of hosts known by ssh.
    package var authorities: String?
    package var knownHosts: String?
    /// With less room on the disk, nothing new is begun.
    package var room = Size(bytes: 1 << 30, description: "1GiB")
    package var keep = Keeping()
    package var notifications: [NoticeRule] = []
    package var hooks: [HookPlace] = []
    /// Servers of metrics that environments may name.
    package var metrics: [MetricsServer] = []

    package struct Certificate: Hashable, Sendable {
        package let certificate: String
        package let key: String
    }

    package init() {}
}

extension Settings {
    /// Where repositories and webhooks may be.
    var reach: AddressPolicy { AddressPolicy(allowing: allowed) }
}

/// How long what was run stays: its logs, its reports and the files it made. What a stage could be
/// rolled back to is never removed, and the record itself stays for good.
package struct Keeping: Hashable, Sendable {
    /// Of each pipeline, the newest.
    package var executions = 500
    package var age: Duration?
    package var disk: Size?

    package init() {}
}

/// A repository with `pipelines/*.yml`: a push changes them, and a mistake in one leaves the old
/// one at work.
package struct DefinitionRepository: Hashable, Sendable {
    package let git: String
    package let branch: String
    package let files: [Glob]
    package let credential: SecretName?
    /// Patterns over the secrets that its definitions may name; none if there are none.
    package let secrets: [Glob]
}

extension Settings {
    package struct Reading: Sendable {
        package let settings: Settings?
        package let diagnostics: [Diagnostic]
    }

    package static func read(_ bytes: [UInt8]) -> Reading {
        var findings = Findings()
        var settings: Settings? = Settings()
        do throws(YAMLError) {
            // An empty file decides nothing, which is fine.
            if let root = try Document.read(bytes) { settings = shape.read(root, &findings) }
        } catch {
            findings.error(at: error.place, error.problem, hint: error.hint)
        }
        return Reading(
            settings: findings.hasErrors ? nil : settings, diagnostics: findings.inOrder)
    }

    package static let shape = Shape<Settings>.mapping(about: "how a server works") { keys in
        var settings = Settings()
        let places = keys.optional(
            "pipelines", .oneOrMany(DefinitionPlace.shape),
            about: "where definitions come from: files such as 'pipelines/*.yml', or repositories")
        let runners = keys.optional(
            "runners", .string, about: "the folder with runner profiles, such as 'process.yml'")
        let registries = keys.optional(
            "registries", .string, about: "the folder with registry profiles")
        let address = keys.optional(
            "address", .webAddress, about: "where people reach the server, for links")
        let certificate = keys.optional(
            "tls", Certificate.shape, about: "files of a certificate and its key, both PEM")
        let ecs = keys.optional(
            "ecs", ECSAccount.shape, about: "as whom ECS is asked, and what may be deployed there")
        let poll = keys.optional(
            "poll", .duration, about: "how often remotes are asked for news; 1m if left out")
        let allowed = keys.optional(
            "allow", .oneOrMany(Shape<IPAddress.Place>.word("place")),
            about: "where repositories and webhooks may be besides: this machine itself, say")
        let folders = keys.optional(
            "folders", .oneOrMany(.string),
            about: "folders of this machine whose repositories definitions may name; none if left "
                + "out")
        let authorities = keys.optional(
            "authorities", .string, about: "a file of authorities whose certificates count (PEM)")
        let knownHosts = keys.optional(
            "known-hosts", .string,
            about: "hosts known by ssh, as OpenSSH writes them; 'known_hosts' of the home folder")
        let room = keys.optional(
            "room", .size,
            about: "with less free on the disk nothing new is begun; 1GiB if left out")
        let keep = keys.optional("keep", Keeping.shape, about: "how long what was run stays")
        let notifications = keys.optional(
            "notifications", NoticeRule.shape, about: "who is told of what, each with a name")
        if let count = notifications?.count, count > NoticeRule.maximumRules {
            keys.findings.error(
                at: keys.place(of: "notifications"), "there are \(count) notifications",
                hint: "use \(NoticeRule.maximumRules) or less; one can tell of many pipelines")
        }
        let hooks = keys.optional(
            "hooks", HookPlace.shape, about: "what forges may tell of, each with a name")
        if let count = hooks?.count, count > HookPlace.maximumPlaces {
            keys.findings.error(
                at: keys.place(of: "hooks"), "there are \(count) hooks",
                hint: "use \(HookPlace.maximumPlaces) or less; one can tell of many pipelines")
        }
        let metrics = keys.optional(
            "metrics", MetricsServer.shape, about: "servers of metrics, each with a name")
        settings.pipelines = (places ?? []).compactMap(\.files)
        settings.repositories = (places ?? []).compactMap(\.repository)
        settings.runners = runners
        settings.registries = registries
        settings.address = address
        settings.certificate = certificate
        settings.ecs = ecs ?? settings.ecs
        settings.poll = poll ?? settings.poll
        settings.allowed = Set(allowed ?? [])
        settings.folders = folders ?? []
        settings.authorities = authorities
        settings.knownHosts = knownHosts
        settings.room = room ?? settings.room
        settings.keep = keep ?? settings.keep
        settings.notifications = notifications ?? []
        settings.hooks = hooks ?? []
        settings.metrics = metrics ?? []
        return settings
    }
}

/// One entry of `pipelines`.
private enum DefinitionPlace: Sendable {
    case files(String)
    case repository(DefinitionRepository)

    var files: String? { if case .files(let files) = self { files } else { nil } }
    var repository: DefinitionRepository? {
        if case .repository(let repository) = self { repository } else { nil }
    }

    static let shape = Shape<DefinitionPlace>.either(
        Shape<String>.string.map { .files($0) },
        or: .mapping(about: "a repository with definitions") { keys in
            let git = keys.required("git", .address, about: "its address, or a path")
            let branch = keys.optional("branch", .string, about: "the branch that counts; 'main'")
            let files = keys.optional(
                "files", .oneOrMany(.glob), about: "the definitions in it; 'pipelines/*.yml'")
            let credential = keys.optional(
                "credential", SecretName.shape, about: "the secret that opens it")
            let secrets = keys.optional(
                "secrets", .oneOrMany(.glob),
                about: "the secrets that its definitions may name; none if left out")
            guard let git else { return nil }
            return .repository(
                DefinitionRepository(
                    git: git, branch: branch ?? "main", files: files ?? Glob.pipelines,
                    credential: credential, secrets: secrets ?? []))
        })
}

extension Settings.Certificate {
    fileprivate static let shape = Shape<Self>.mapping(about: "a certificate") { keys in
        let certificate = keys.required(
            "certificate", .string, about: "the certificate, with those that vouch for it")
        let key = keys.required("key", .string, about: "its private key")
        guard let certificate, let key else { return nil }
        return Self(certificate: certificate, key: key)
    }
}

extension Keeping {
    fileprivate static let shape = Shape<Keeping>.mapping(about: "how long it stays") { keys in
        var keep = Keeping()
        let executions = keys.optional(
            "executions", .whole(1...1_000_000),
            about: "how many of each pipeline; 500 if left out")
        keep.age = keys.optional("age", .duration, about: "none older than this, such as 90d")
        keep.disk = keys.optional("disk", .size, about: "the oldest go when they need more")
        keep.executions = executions ?? keep.executions
        return keep
    }
}

extension Glob {
    fileprivate static var pipelines: [Glob] { (try? [Glob(parsing: "pipelines/*.yml")]) ?? [] }
}

extension Shape where Value == String {
    fileprivate static var webAddress: Shape {
        .text("an address such as 'https://slipway.example.com'") { text throws(Mistake) in
            let isWeb = ["https://", "http://"].contains { text.hasPrefix($0) }
            guard isWeb, !text.contains(where: \.isWhitespace) else {
                throw Mistake(
                    "'\(text)' is no address of a server",
                    hint: "write all of it: 'https://slipway.example.com'")
            }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }
}
