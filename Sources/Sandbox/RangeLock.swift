import Glibc
import Synchronization

/// Says for the whole machine who has a range of users: houses choose theirs without knowing of
/// each other, and two builds with the same users could reach each other's files and processes.
/// It is held until the process ends, however it does.
enum RangeLock {
    static let folder = "/run/slipway-users"

    private static let held = Mutex<Set<UInt32>>([])

    /// Whether nobody else has it. Who has it already has it still.
    static func take(_ range: UserRange, in folder: String = folder) -> Bool {
        held.withLock { held in
            if held.contains(range.first) { return true }
            guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else { return false }
            var status = stat()
            // Nobody else may have made it.
            guard unsafe lstat(folder, &status) == 0, status.st_uid == geteuid(),
                status.st_mode & S_IFMT == S_IFDIR
            else { return false }
            let file = unsafe open(
                "\(folder)/\(range.first)", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard file >= 0 else { return false }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                return false
            }
            // Left open: the kernel lets it go with the process.
            held.insert(range.first)
            return true
        }
    }
}
