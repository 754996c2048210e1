package import Engine
import Glibc
package import Pipelines

/// The profiles of the runners on this machine: files of whoever hosts it, or what is at hand
/// without one.
package struct Profiles: Sendable {
    private let files: HostFiles

    package init(in folder: String? = nil) { files = HostFiles("runners", in: folder) }

    /// That of the machine's own sandbox, which is always at hand.
    package func own() throws(Refusal) -> RunnerProfile {
        if let profile = try profile(.process) { return profile }
        guard files.isNamed else { return Self.standard }
        throw Refusal(
            .invalid, "there is no '\(place(of: .process))'",
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
        for name in files.names.compactMap(RunnerName.init) + [RunnerName.docker]
        where !profiles.contains(where: { $0.name == name }) {
            if let profile = try named(name) { profiles.append(profile) }
        }
        return profiles
    }

    /// Where a profile of this name would be looked for first.
    package func place(of name: RunnerName) -> String { files.place(of: name.description) }

    private func profile(_ name: RunnerName) throws(Refusal) -> RunnerProfile? {
        try files.profile(
            name.description, called: { "\($0.name)" }, read: RunnerProfile.read)
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
            name: .docker, kind: .docker(DockerProfile(socket: standardSocket, isAssumed: true)),
            places: processors, networks: [.none])
    }

    /// Where the machine's own Engine listens, unless the user's environment says otherwise.
    package static var standardSocket: String {
        let host = unsafe getenv("DOCKER_HOST").map { unsafe String(cString: $0) } ?? ""
        return host.hasPrefix("unix:///")
            ? String(host.dropFirst("unix://".count)) : DockerProfile.standardSocket
    }
}
