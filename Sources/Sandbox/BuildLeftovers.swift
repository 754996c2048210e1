package import Attempts
import CLaunch
import Glibc

/// What a build leaves whose supervisor was killed: files of users that an ordinary user was given,
/// and that he can remove nowhere but where he rules those users.
package enum BuildLeftovers {
    private static let enter = "/usr/bin/unshare"

    /// To be called when all that it ran is dead. What cannot be removed is left to be found again.
    package static func remove(of folder: AttemptFolder) {
        remove([folder.workspace, folder.scratch])
    }

    /// The same of any folders where builds have left files.
    package static func remove(_ folders: [String]) {
        let left = folders.filter { (path: String) in
            unsafe access(path, F_OK) == 0
        }
        guard getuid() != 0, !left.isEmpty, BuildUsers.look(slot: nil).isRange else { return }
        let words =
            [enter, "--user", "--map-auto", "--map-root-user", "/bin/rm", "-rf", "--"] + left
        let input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { return }
        defer { close(input) }
        let process = unsafe withCStrings(words) { arguments in
            unsafe slipway_start_program(enter, arguments, input)
        }
        guard process > 0 else { return }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}
