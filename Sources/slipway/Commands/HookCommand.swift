import Git
import Glibc
import Watchers

enum HookCommand: Command {
    /// A push waits for nobody longer than this, whatever is wrong.
    private static let patience: UInt32 = 1

    private static let socket = Flag(
        "--socket", "PATH", .file, "the server's socket for hooks, 'hook.sock' in its folder")
    private static let home = Flag("--home", "DIR", .folder, "the server's folder")
    private static let address = Flag(
        "--address", "ADDRESS", .text,
        "how pipelines name this repository, where that is not by its path")

    static let words = CommandWords(
        "hook", "have a repository on this machine tell the server of each push",
        forms: [
            Form(
                "install",
                "writes a post-receive hook into the repository. One that is there already goes on "
                    + "to be run, with the same input.",
                needs: [[home, socket]], takes: [address], operands: [Operand("REPO", .folder)]),
            Form(
                "remove", "takes it away, and puts back the hook that was there before.",
                operands: [Operand("REPO", .folder)]),
            Form(
                "tell",
                "is what the hook runs: it reads what git gives a post-receive hook and tells the "
                    + "server. It takes a second at most, and does no harm if there is no server.",
                needs: [[socket]], takes: [address], operands: [Operand("REPO", .folder)]),
        ],
        prose: [
            "Without a hook the server sees pushes to a repository on its own machine too, because "
                + "it listens to the files; a hook also says who pushed, which matters where "
                + "nobody may approve their own change. The user that receives pushes has to be "
                + "in the group of the server's user."
        ],
        examples: [
            .init(
                "slipway hook install --home /var/lib/slipway /srv/git/shop.git",
                "tells the server there of pushes to shop"),
            .init("slipway hook remove /srv/git/shop.git", "no longer"),
        ],
        exits: .usual)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let verbs = ["install", "remove", "tell"]
        guard let verb = arguments.operands.first, verbs.contains(verb) else {
            throw UsageError(
                "hook does one of 'install', 'remove' or 'tell'",
                hint: "write 'slipway hook install --home DIR REPO'")
        }
        guard arguments.operands.count == 2 else {
            throw UsageError(
                "hook \(verb) is for one repository", hint: "name its folder, and nothing else")
        }
        let repository = arguments.operands[1]
        let socket = verb == "remove" ? "" : try place(arguments)
        do throws(GitError) {
            switch verb {
            case "install":
                try install(repository, socket, arguments.value(of: "--address"))
            case "remove": try remove(repository)
            default: try tell(repository, socket, arguments.value(of: "--address"))
            }
            return ExitCode.success
        } catch {
            Output.error("slipway hook \(verb): \(error)\n")
            return ExitCode.host
        }
    }

    /// The hook is run in another folder, so the path has to be whole.
    private static func place(_ arguments: Arguments) throws(UsageError) -> String {
        let named = arguments.value(of: "--socket")
        guard let folder = arguments.value(of: "--home") else {
            guard let named, named.hasPrefix("/") else {
                throw UsageError(
                    "it is not said where the server is",
                    hint: "add '--home DIR', or '--socket' "
                        + "with a path that begins with '/'")
            }
            return named
        }
        guard let real = whole(folder) else {
            throw UsageError(
                "there is no folder '\(folder)'", hint: "name the folder that the server was given")
        }
        return "\(real)/hook.sock"
    }

    private static func install(
        _ repository: String, _ socket: String, _ address: String?
    ) throws(GitError) {
        if let address { _ = try RemoteAddress(parsing: address) }
        let script = try HookScript(of: repository)
        let text = HookScript.text(
            program: whole("/proc/self/exe") ?? "slipway", socket: socket,
            repository: script.repository, address: address)
        switch try script.install(text) {
        case .installed(let earlier?):
            Output.print("installed; the hook that was there is run as before: \(earlier)\n")
        case .installed: Output.print("installed\n")
        default: Output.print("installed anew\n")
        }
    }

    private static func remove(_ repository: String) throws(GitError) {
        switch try HookScript(of: repository).remove() {
        case .removed(restored: true): Output.print("removed; the hook before it is back\n")
        case .removed: Output.print("removed\n")
        default: Output.print("there was none of Slipway's\n")
        }
    }

    private static func tell(
        _ repository: String, _ socket: String, _ address: String?
    ) throws(GitError) {
        // Nobody hears the signal: it ends the program.
        alarm(patience)
        let lines = (try? Input.read("-")) ?? []
        var environment: [String: String] = [:]
        for name in HookMessage.pusherNames {
            environment[name] = unsafe getenv(name).map { unsafe String(cString: $0) }
        }
        let message = HookMessage(
            repository: repository, address: address, lines: String(decoding: lines, as: UTF8.self),
            environment: environment)
        try HookSocket.tell(message, at: socket)
    }

    private static func whole(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
