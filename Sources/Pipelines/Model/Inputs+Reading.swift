import YAML

// Variables, sources and triggers.

extension Variable {
    struct Body {
        let standard: String?
        let about: String?
        let choices: [String]
    }

    static let shape = Shape<Body>.either(
        Shape<String>.string.map { Body(standard: $0, about: nil, choices: []) },
        or: .mapping(about: "a value chosen when an execution starts") { keys in
            let standard = keys.optional("default", .string, about: "its value if nobody gives one")
            let about = keys.optional("about", .string, about: "what it is for")
            let choices = keys.optional("choices", .list(of: .string), about: "the values allowed")
            if let standard, let choices, !choices.contains(standard) {
                keys.findings.error(
                    at: keys.place(of: "default"), "'\(standard)' is not among the choices",
                    hint: "use \(oneOf(choices)), or add it to them")
            }
            return Body(standard: standard, about: about, choices: choices ?? [])
        })

    init(_ name: VariableName, _ body: Body) {
        self.init(name: name, standard: body.standard, about: body.about, choices: body.choices)
    }
}

extension Source {
    struct Body {
        let git: String
        let branches: [Glob]
        let tags: [Glob]
        let paths: [Glob]
        let credential: SecretName?
    }

    static let shape = Shape<Body>.mapping(about: "where revisions come from") { keys in
        let git = keys.required("git", .address, about: "a repository: an address or a path")
        let branches = keys.optional(
            "branches", .oneOrMany(.glob),
            about: "branches whose pushes count; all if left out, unless there are tags")
        let tags = keys.optional("tags", .oneOrMany(.glob), about: "tags whose pushes count")
        let paths = keys.optional(
            "paths", .oneOrMany(.glob), about: "a push counts only if it changes one of these files"
        )
        let credential = keys.optional(
            "credential", SecretName.shape.mentioned(as: .secret),
            about: "the secret that opens it: a private key, a token, or 'user:password'")
        guard let git else { return nil }
        return Body(
            git: git, branches: branches ?? [], tags: tags ?? [], paths: paths ?? [],
            credential: credential)
    }

    init(_ name: Located<SourceName>, _ body: Body) {
        self.init(
            name: name, git: body.git, branches: body.branches, tags: body.tags, paths: body.paths,
            credential: body.credential)
    }
}

extension Shape where Value == String {
    package static var address: Shape {
        .text("an address such as 'https://git.example.com/shop.git'") { text throws(Mistake) in
            let hint =
                "use https://, ssh://, git:// or file://, host:path, or a path on this machine"
            guard !text.hasPrefix("-"), !text.contains(where: \.isWhitespace) else {
                throw Mistake("'\(text)' is no address of a repository", hint: hint)
            }
            // Git has transports that run a program of the address's choice. Others have two colons
            // in an address of IPv6.
            if let colons = text.firstRange(of: "::"),
                !text[..<colons.lowerBound].contains(where: { "/[".contains($0) })
            {
                throw Mistake(
                    "'\(text[..<colons.lowerBound])::' names a program to run, not a repository",
                    hint: hint)
            }
            if let scheme = text.firstRange(of: "://") {
                let known = ["https", "http", "ssh", "git", "file"]
                guard known.contains(String(text[..<scheme.lowerBound])) else {
                    throw Mistake(
                        "'\(text[..<scheme.lowerBound])' is no way to reach git", hint: hint)
                }
                let host = text[scheme.upperBound...].prefix { $0 != "/" }
                // Programs that git starts would read it as an option, or as two lines.
                let name = host.split(separator: "@").last ?? ""
                let hasLines = ["%0a", "%0d", "%00"].contains { text.lowercased().contains($0) }
                guard !name.hasPrefix("-"), !hasLines else {
                    throw Mistake("'\(text)' is no address of a repository", hint: hint)
                }
                if let at = host.firstIndex(of: "@"), host[..<at].contains(":") {
                    throw Mistake(
                        "a password in the address", at: 0,
                        hint: "keep it as a secret; a definition is read by many")
                }
            }
            return text
        }
    }
}

extension Trigger {
    static let shape = Shape<Trigger>.mapping(about: "what else starts an execution") { keys in
        let schedule = keys.optional(
            "schedule", .schedule, about: "minute, hour, day, month and weekday, as in cron")
        let zone = keys.optional("zone", .zone, about: "whose clock; UTC if left out")
        let missed = keys.optional(
            "missed", Shape<MissedSchedule>.word(),
            about: "what becomes of times that passed unseen: skip them, or run once")
        let pipeline = keys.optional(
            "pipeline", PipelineName.shape.mentioned(as: .pipeline),
            about: "another pipeline's success")
        if !keys.isDescribing, keys.has("schedule") == keys.has("pipeline") {
            keys.findings.error(
                at: keys.place, "a trigger is either a 'schedule' or a 'pipeline'",
                hint: "make a list of triggers to have both")
        }
        if keys.has("pipeline"), let extra = ["zone", "missed"].first(where: keys.has) {
            keys.findings.error(
                at: keys.keyPlace(of: extra), "'\(extra)' belongs to a schedule", hint: "remove it")
        }
        if let pipeline { return .pipeline(pipeline) }
        return schedule.map { .schedule($0, zone: zone ?? "UTC", missed: missed ?? .skip) }
    }
}
