import Git
import Glibc
import Premises
import Watchers

enum HookCommand: Command {
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
        let verbs = ["install", "remove"]
        guard let verb = arguments.operands.first, verbs.contains(verb) else {
            throw UsageError(
                "hook does one of 'install' or 'remove'",
                hint: "write 'slipway hook install --home DIR REPO'")
        }
        guard arguments.operands.count == 2 else {
            throw UsageError(
                "hook \(verb) is for one repository", hint: "name its folder, and nothing else")
        }
        let repository = arguments.operands[1]
        let socket = verb == "remove" ? "" : try place(arguments)
        do throws(GitError) {
            if verb == "install" {
                try install(repository, socket, arguments.value(of: "--address"))
            } else {
                try remove(repository)
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
        let program = ProgramPlace.tell
        guard unsafe access(program, X_OK) == 0 else {
            throw GitError(
                .file, "install a hook that runs '\(program)'", problem: "there is no such program",
                hint: "install the programs of one version of Slipway together")
        }
        let script = try HookScript(of: repository)
        let text = HookScript.text(
            program: whole(program) ?? program, socket: socket, repository: script.repository,
            address: address)
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

    private static func whole(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
