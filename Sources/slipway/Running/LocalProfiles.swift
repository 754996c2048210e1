import Engine
import Glibc
import Pipelines

/// The profiles of the runners that a pipeline needs on this machine: from files of whoever uses
/// the machine, or as they are without one.
enum LocalProfiles {
    /// That of this machine's own sandbox first, which is always at hand.
    static func all(for definition: Definition, in folder: String?) throws -> [RunnerProfile] {
        let process = try profile(.process, in: folder, isNeeded: folder != nil) ?? standard
        var profiles = [process]
        for stage in definition.stages {
            for action in stage.actions {
                guard let run = action.work as? Run else { continue }
                if !profiles.contains(where: { $0.name == run.runner }) {
                    profiles.append(try other(run.runner, for: action, of: stage, in: folder))
                }
                try check(run, action, stage, profiles)
            }
        }
        return profiles
    }

    /// What can be told before anything runs. An image that is made on the way is told of then.
    private static func check(
        _ run: Run, _ action: Action, _ stage: Stage, _ profiles: [RunnerProfile]
    ) throws {
        guard let profile = profiles.first(where: { $0.name == run.runner }) else { return }
        let subject = "\(stage.name)/\(action.name)"
        guard let docker = profile.kind.docker else {
            guard run.image == nil else {
                throw Refusal(
                    .invalid, "\(subject) names an image, and runner '\(profile.name)' has none",
                    hint: "name a runner whose profile says 'kind: docker'")
            }
            return
        }
        guard run.image?.references.isEmpty ?? true else { return }
        do throws(RunnerRefusal) {
            _ = try docker.image(asked: run.image?.text, of: profile.name)
        } catch {
            throw Refusal(
                .invalid, "\(subject) cannot run: \(error)", hint: "mend it, then run it again")
        }
    }

    private static func other(
        _ name: RunnerName, for action: Action, of stage: Stage, in folder: String?
    ) throws -> RunnerProfile {
        if let profile = try profile(name, in: folder, isNeeded: false) { return profile }
        if let docker = RunnerName("docker"), name == docker { return standardDocker(docker) }
        let place = folder ?? standardFolders.first ?? "/etc/slipway/runners"
        throw Refusal(
            .invalid, "\(stage.name)/\(action.name) wants runner '\(name)', which is not here",
            hint: "write its profile, '\(place)/\(name).yml', or run it on 'process' or 'docker'")
    }

    /// From the first folder that has it.
    private static func profile(
        _ name: RunnerName, in folder: String?, isNeeded: Bool
    ) throws -> RunnerProfile? {
        for folder in folder.map({ [$0] }) ?? standardFolders {
            let path = "\(folder)/\(name).yml"
            guard unsafe access(path, F_OK) == 0 else { continue }
            let profile = try read(path)
            guard profile.name == name else {
                throw Refusal(
                    .invalid, "'\(path)' tells of runner '\(profile.name)'",
                    hint: "a profile is found by its file: call the file '\(profile.name).yml'")
            }
            return profile
        }
        guard isNeeded, let folder else { return nil }
        throw Refusal(
            .invalid, "there is no '\(name).yml' in '\(folder)'",
            hint: "write one: it describes the runner that actions get without asking")
    }

    private static func read(_ path: String) throws -> RunnerProfile {
        do throws(Input.Failure) {
            let bytes = try Input.read(path)
            let reading = RunnerProfile.read(bytes)
            if let profile = reading.profile { return profile }
            let text = String(decoding: bytes, as: UTF8.self)
            Output.error(Report(file: path, text: text).text(of: reading.diagnostics))
            throw Input.Failure(problem: "it has mistakes", hint: "mend them")
        } catch {
            throw Refusal(.invalid, "'\(path)' cannot be used: \(error.problem)", hint: error.hint)
        }
    }

    /// Never a file of the repository that is built: what a stage may see is not for it to say.
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

    private static func standardDocker(_ name: RunnerName) -> RunnerProfile {
        RunnerProfile(
            name: name, kind: .docker(DockerProfile(socket: standardSocket)), places: processors,
            networks: [.none])
    }

    /// Where the machine's own Engine listens, unless the user's environment says otherwise.
    static var standardSocket: String {
        let host = unsafe getenv("DOCKER_HOST").map { unsafe String(cString: $0) } ?? ""
        return host.hasPrefix("unix:///")
            ? String(host.dropFirst("unix://".count)) : DockerProfile.standardSocket
    }
}
