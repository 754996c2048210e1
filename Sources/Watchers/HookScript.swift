package import Git
import Glibc
import SmallFiles

/// The post-receive hook that tells the server of pushes to a repository of this machine.
///
/// It never keeps a push waiting, whatever has become of the server, and whatever hook was there
/// before goes on to be run, with the same input and in its own name.
package struct HookScript {
    private static let mark = "# Written by `slipway hook install`"
    private static let longest = 64 << 10

    package enum Change: Hashable, Sendable {
        case installed(besides: String?)
        case replaced
        case removed(restored: Bool)
        case absent
    }

    /// The repository's own folder.
    package let repository: String
    private var folder: String { "\(repository)/hooks" }
    private var path: String { "\(folder)/post-receive" }
    private var earlier: String { "\(folder)/post-receive.before-slipway" }

    package init(of repository: String) throws(GitError) {
        guard let own = GitFolder.find(repository) else {
            throw GitError(
                .notARepository, "find the hooks of '\(repository)'",
                problem: "there is no repository", hint: "name the folder of one")
        }
        self.repository = own
    }

    /// `program` is `slipway-tell`.
    package static func text(
        program: String, socket: String, repository: String, address: String?
    ) -> String {
        let words = [program, socket, repository] + [address].compactMap(\.self)
        let pusher = HookMessage.pusherNames.reversed().reduce("") { rest, name in
            "${\(name):-\(rest)}"
        }
        return """
            #!/bin/sh
            \(mark); `slipway hook remove` takes it away.
            # The server is told beside the push and not waited for.
            tell() {
              export SLIPWAY_PUSHER="\(pusher)"
              exec \(words.map(quoted).joined(separator: " ")) >/dev/null 2>&1
            }
            if [ -x "$0.before-slipway" ]; then
              pushed=$(cat)
              printf '%s\\n' "$pushed" | tell &
              printf '%s\\n' "$pushed" | "$0.before-slipway" "$@"
            else
              # What runs beside a script has no input but one that is given to it.
              exec 3<&0
              tell <&3 3<&- &
            fi

            """
    }

    /// A hook of somebody else's is kept and run as before.
    package func install(_ text: String) throws(GitError) -> Change {
        if unsafe mkdir(folder, 0o755) != 0, errno != EEXIST {
            throw GitError.kernel("make folder '\(folder)'")
        }
        if isInstalled {
            try put(text)
            return .replaced
        }
        guard unsafe access(path, F_OK) == 0 else {
            try put(text)
            return .installed(besides: nil)
        }
        guard unsafe access(earlier, F_OK) != 0 else {
            throw GitError(
                .file, "install a hook in '\(folder)'",
                problem: "there is a 'post-receive' that is not Slipway's, and "
                    + "'post-receive.before-slipway' too",
                hint: "keep one of the two, and install again")
        }
        guard unsafe rename(path, earlier) == 0 else {
            throw GitError.kernel("rename '\(path)'")
        }
        try put(text)
        return .installed(besides: earlier)
    }

    package func remove() throws(GitError) -> Change {
        guard isInstalled else { return .absent }
        if unsafe access(earlier, F_OK) == 0 {
            guard unsafe rename(earlier, path) == 0 else {
                throw GitError.kernel("rename '\(earlier)'")
            }
            return .removed(restored: true)
        }
        guard unsafe unlink(path) == 0 else { throw GitError.kernel("remove '\(path)'") }
        return .removed(restored: false)
    }

    package var isInstalled: Bool {
        (try? SmallFile.text(of: path, limit: Self.longest))?.contains(Self.mark) == true
    }

    private func put(_ text: String) throws(GitError) {
        let aside = "\(path).\(getpid())"
        _ = unsafe unlink(aside)
        let file = unsafe open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o755)
        guard file >= 0 else { throw GitError.kernel("write '\(aside)'") }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard unsafe write(file, bytes, bytes.count) == bytes.count, fchmod(file, 0o755) == 0,
            unsafe rename(aside, path) == 0
        else { throw GitError.kernel("write '\(path)'") }
    }

    private static func quoted(_ text: String) -> String {
        "'"
            + text.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }
}
