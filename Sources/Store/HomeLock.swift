import Glibc

/// What keeps a folder to one process; its file holds the number of the one that has it.
package struct HomeLock: ~Copyable {
    /// How often a lock without an owner is tried again, and the pause between.
    private static let tries = 400
    private static let pause: UInt32 = 5_000

    private let descriptor: Int32

    /// An owner that was killed while it started another program leaves the lock to what was to
    /// become that program, for a moment: nobody has it then, and it is waited for.
    package static func take(
        of folder: String, pause: () -> Void = { usleep(Self.pause) }
    ) throws(StoreError) -> HomeLock {
        let path = "\(folder)/lock"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Files.failure("open '\(path)'") }
        var left = tries
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let owner = owner(in: descriptor)
            guard left > 0, let owner, isDead(owner) else {
                close(descriptor)
                throw StoreError(
                    .busy, "use folder '\(folder)'",
                    problem: owner.map { "process \($0) holds it" } ?? "another process holds it",
                    hint: "ask the running server instead, or stop it first")
            }
            left -= 1
            pause()
        }
        let lock = HomeLock(descriptor)
        lock.sign()
        return lock
    }

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// As wide as every other, so that nothing is left of it: to cut it off may wait for the disk.
    private func sign() {
        let id = String(getpid())
        let owner = Array((id + String(repeating: " ", count: max(0, 10 - id.count)) + "\n").utf8)
        _ = unsafe pwrite(descriptor, owner, owner.count, 0)
    }

    private static func owner(in descriptor: Int32) -> pid_t? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        return pid_t(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).trimmed)
    }

    private static func isDead(_ process: pid_t) -> Bool {
        process > 0 && kill(process, 0) != 0 && errno == ESRCH
    }
}
