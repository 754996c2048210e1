import Engine
import Git
import Glibc
import Pipelines
import Premises
import Sources

/// Where a run takes place: the folder of its source, and the house's own beside it.
struct LocalPlace {
    let home: String
    let user: String
    private let folder: String

    static func find(_ request: RunRequest) throws -> LocalPlace {
        let first = request.definition.sources.first.flatMap { request.folders[$0.name] } ?? "."
        let folder = try whole(first)
        let around = enclosing(folder) ?? folder
        let home =
            try request.home.map { try made($0) } ?? made("\(around)/.slipway", isHidden: true)
        return LocalPlace(home: home, user: userName, folder: folder)
    }

    /// The house's folder that a person means: the one named, or that of the repository around.
    static func existingHome(_ arguments: Arguments) throws(UsageError) -> String {
        if let named = arguments.value(of: "--home") { return named }
        let here = (try? whole(".")) ?? "."
        for folder in [enclosing(here) ?? here, here] {
            let home = "\(folder)/.slipway"
            if unsafe access(home, F_OK) == 0 { return home }
        }
        throw UsageError(
            "nothing has been run here: there is no '.slipway'",
            hint: "go to the folder of the pipeline, or name the one with the record: --home DIR")
    }

    /// A revision for each source, its files written out where the runner finds them.
    func revisions(
        for request: RunRequest, into trees: HouseTrees, _ registries: WatchedRegistries,
        say: (String) -> Void
    ) throws -> [Revision] {
        let sources = request.definition.sources
        let folders = sources.count { $0.git != nil }
        return try sources.map { source in
            let named = request.folders[source.name]
            if let image = source.image {
                guard named == nil else {
                    throw Refusal(
                        .invalid, "source '\(source.name)' is an image and has no folder",
                        hint: "leave '--source \(source.name)' out: '\(image)' is looked up")
                }
                return try registries.revision(of: source.name, image)
            }
            guard named != nil || folders == 1 || source.address == "." else {
                throw Refusal(
                    .invalid, "source '\(source.name)' has no folder",
                    hint: "name it: --source \(source.name)=DIR")
            }
            let found = try LocalSource.look(at: try Self.whole(named ?? "."), without: [home])
            for warning in found.warnings { say("\(source.name): \(warning)") }
            if found.changes > 0 {
                let what = found.changes == 1 ? "a change" : "\(found.changes) changes"
                say("\(source.name): with \(what) not committed yet")
            }
            try trees.keep(found)
            return Revision(
                source: source.name, ref: found.ref, commit: found.commit,
                message: found.message, authors: found.authors,
                committedAt: found.committedAt)
        }
    }

    /// The nearest folder upwards that is a repository's.
    private static func enclosing(_ folder: String) -> String? {
        var parts = folder.split(separator: "/")
        while !parts.isEmpty {
            let path = "/" + parts.joined(separator: "/")
            if unsafe access("\(path)/.git", F_OK) == 0 { return path }
            parts.removeLast()
        }
        return nil
    }

    /// Its own folder in a repository hides itself from git.
    static func made(_ path: String, isHidden: Bool = false) throws -> String {
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw Refusal(
                .invalid, "cannot make '\(path)': \(unsafe String(cString: strerror(errno)))",
                hint: "name a folder that you can write: --home DIR")
        }
        if isHidden {
            let file = unsafe open("\(path)/.gitignore", O_WRONLY | O_CREAT | O_EXCL, 0o644)
            if file >= 0 {
                _ = unsafe write(file, "*\n", 2)
                close(file)
            }
        }
        return try whole(path)
    }

    static func whole(_ path: String) throws -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw Refusal(
                .invalid, "cannot find '\(path)': \(unsafe String(cString: strerror(errno)))",
                hint: "check the name")
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static var userName: String {
        if let entry = unsafe getpwuid(getuid()) {
            return unsafe String(cString: entry.pointee.pw_name)
        }
        return "user \(getuid())"
    }
}
