package import Engine
import Glibc
package import Pipelines
import SmallFiles
import YAML

/// The profiles of the runners on this machine: files of whoever hosts it, or what is at hand
/// without one.
package struct Profiles: Sendable {
    private let folders: [String]
    /// Somebody has named the folder, so it has to have what is needed.
    private let isNamed: Bool

    /// Without a folder, those that the machine and its user keep them in. Never one of a
    /// repository that is built: what a stage may see is not for it to say.
    package init(in folder: String? = nil) {
        isNamed = folder != nil
        folders = folder.map { [$0] } ?? Self.standardFolders
    }

    /// That of the machine's own sandbox, which is always at hand.
    package func own() throws(Refusal) -> RunnerProfile {
        if let profile = try profile(.process) { return profile }
        guard isNamed else { return Self.standard }
        throw Refusal(
            .invalid, "there is no '\(RunnerName.process).yml' in '\(folders.joined())'",
            hint: "write one: it describes the runner that actions get without asking")
    }

    /// The one of this name, if there is such a runner here.
    package func named(_ name: RunnerName) throws(Refusal) -> RunnerProfile? {
        if name == .process { return try own() }
        if let profile = try profile(name) { return profile }
        return name == .docker ? Self.standardDocker : nil
    }

    /// All there are, the machine's own first. Of two of one name the first folder's counts.
    package func all() throws(Refusal) -> [RunnerProfile] {
        var profiles = [try own()]
        for name in folders.flatMap(Self.names) + [RunnerName.docker]
        where !profiles.contains(where: { $0.name == name }) {
            if let profile = try named(name) { profiles.append(profile) }
        }
        return profiles
    }

    /// Where a profile of this name would be looked for first.
    package func place(of name: RunnerName) -> String {
        "\(isNamed ? folders.joined() : "/etc/slipway/runners")/\(name).yml"
    }

    private static func names(in folder: String) -> [RunnerName] {
        SmallFile.names(in: folder).filter { $0.hasSuffix(".yml") }.sorted()
            .compactMap { RunnerName(String($0.dropLast(".yml".count))) }
    }

    /// From the first folder that has it.
    private func profile(_ name: RunnerName) throws(Refusal) -> RunnerProfile? {
        for folder in folders {
            let path = "\(folder)/\(name).yml"
            guard unsafe access(path, F_OK) == 0 else { continue }
            let profile = try Self.read(path)
            guard profile.name == name else {
                throw Refusal(
                    .invalid, "'\(path)' tells of runner '\(profile.name)'",
                    hint: "a profile is found by its file: call the file '\(profile.name).yml'")
            }
            return profile
        }
        return nil
    }

    private static func read(_ path: String) throws(Refusal) -> RunnerProfile {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try SmallFile.bytes(of: path, limit: Limits.bytes + 1)
        } catch {
            throw Refusal(
                .invalid, "'\(path)' cannot be read: \(error)",
                hint: "a profile is a file that the house may read")
        }
        let reading = RunnerProfile.read(bytes)
        if let profile = reading.profile { return profile }
        let report = Report(file: path, text: String(decoding: bytes, as: UTF8.self))
        throw Refusal(
            .invalid, "'\(path)' has mistakes:\n\(report.text(of: reading.diagnostics))",
            hint: "mend them; `slipway lint \(path)` tells when it is right")
    }

    private static var standardFolders: [String] {
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? ""
        let own =
            unsafe getenv("XDG_CONFIG_HOME").map { unsafe String(cString: $0) } ?? "\(home)/.config"
        return ["\(own)/slipway/runners", "/etc/slipway/runners"]
    }

    private static var processors: Int { max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// As many places as processors, and no network: a pipeline that comes with a repository does
    /// not decide what it reaches. Add-on software in `/opt`, found by the path that people use.
    private static var standard: RunnerProfile {
        let folders = ["/opt"].filter { (folder: String) in unsafe access(folder, R_OK) == 0 }
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        let extra = path.split(separator: ":").filter { $0.hasPrefix("/opt/") }
        let standard = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return RunnerProfile(
            name: .process, places: processors, readOnly: folders, networks: [.none],
            environment: ["PATH": (extra.map(String.init) + [standard]).joined(separator: ":")])
    }

    private static var standardDocker: RunnerProfile {
        RunnerProfile(
            name: .docker, kind: .docker(DockerProfile(socket: standardSocket)),
            places: processors, networks: [.none])
    }

    /// Where the machine's own Engine listens, unless the user's environment says otherwise.
    package static var standardSocket: String {
        let host = unsafe getenv("DOCKER_HOST").map { unsafe String(cString: $0) } ?? ""
        return host.hasPrefix("unix:///")
            ? String(host.dropFirst("unix://".count)) : DockerProfile.standardSocket
    }
}
