import Engine
import Glibc
import Pipelines

/// The profile of this machine's own runner: from a file of whoever uses the machine, or as it is
/// without one.
enum LocalProfiles {
    static func process(in folder: String?) throws -> RunnerProfile {
        for folder in folder.map({ [$0] }) ?? standardFolders {
            let path = "\(folder)/process.yml"
            guard unsafe access(path, F_OK) == 0 else { continue }
            return try read(path)
        }
        if let folder {
            throw Refusal(
                .invalid, "there is no 'process.yml' in '\(folder)'",
                hint: "write one: it describes the runner that actions get without asking")
        }
        return standard
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

    /// As many places as processors, and no network: a pipeline that comes with a repository does
    /// not decide what it reaches. Add-on software in `/opt`, found by the path that people use.
    private static var standard: RunnerProfile {
        let folders = ["/opt"].filter { (folder: String) in unsafe access(folder, R_OK) == 0 }
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        let extra = path.split(separator: ":").filter { $0.hasPrefix("/opt/") }
        let standard = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return RunnerProfile(
            name: .process, places: max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            readOnly: folders, networks: [.none],
            environment: ["PATH": (extra.map(String.init) + [standard]).joined(separator: ":")])
    }
}
