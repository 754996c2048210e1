/// The profiles of both shared files, those of the file with credentials laid over the others.
struct Profiles: Hashable {
    /// What is known under one name.
    struct Profile: Hashable {
        /// From both files.
        var values: [String: String] = [:]
        /// From the file with credentials alone.
        var credentials: [String: String] = [:]
        /// From the file with the configuration alone.
        var configuration: [String: String] = [:]
    }

    private var profiles: [String: Profile] = [:]
    private var services: [String: [String: String]] = [:]

    init(configuration: SharedFile, credentials: SharedFile) {
        for section in configuration.sections {
            let values = configuration.values(of: section)
            if section.name == "default" {
                set("default", values)
            } else if let name = Self.name(in: section.name, after: "profile") {
                set(name, values)
            } else if let name = Self.name(in: section.name, after: "services") {
                services[name] = values
            }
        }
        for section in credentials.sections {
            let values = credentials.values(of: section)
            profiles[section.name, default: Profile()].credentials = values
            profiles[section.name, default: Profile()].values.merge(values) { _, new in new }
        }
    }

    subscript(name: String) -> Profile? { profiles[name] }

    /// `endpoint_url` for one service, from the section of services that a profile names.
    func endpoint(of service: String, for profile: Profile) -> String? {
        let section = profile.values["services"].flatMap { services[$0] } ?? [:]
        return section[service].map(SharedFile.nested)?["endpoint_url"]
    }

    private mutating func set(_ name: String, _ values: [String: String]) {
        profiles[name] = Profile(values: values, configuration: values)
    }

    /// `[profile name]`, whose name may stand in quotes.
    private static func name(in section: String, after word: String) -> String? {
        guard section.hasPrefix(word) else { return nil }
        let rest = section.dropFirst(word.count)
        guard let space = rest.first, space == " " || space == "\t" else { return nil }
        let name = SharedFile.trimmed(rest)
        for quote in ["\"", "'"] where name.count > 2 && name.hasPrefix(quote) {
            guard name.hasSuffix(quote) else { return nil }
            return String(name.dropFirst().dropLast())
        }
        return name.contains { $0 == " " || $0 == "\t" } || name.isEmpty ? nil : name
    }
}
