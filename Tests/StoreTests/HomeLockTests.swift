import Glibc
import Store
import Support
import Testing

/// The lock of a folder whose owner was killed while it started another program.
@Suite struct HomeLockTests {
    let folder: Folder
    /// What is left of the lock: a descriptor that the dead owner's child has too.
    let rest: Int32

    init() throws {
        folder = try Folder()
        rest = unsafe open(folder.file("lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(flock(rest, LOCK_EX | LOCK_NB) == 0)
    }

    @Test func `a lock that a dead owner has left behind is waited for`() throws {
        try sign(as: deadProcess())
        var pauses = 0
        _ = try HomeLock.take(of: folder.path) {
            pauses += 1
            if pauses == 3 { close(rest) }
        }
        #expect(pauses == 3)
    }

    @Test func `a lock that is not given back is not waited for for ever`() throws {
        let owner = try deadProcess()
        sign(as: owner)
        defer { close(rest) }
        do {
            _ = try HomeLock.take(of: folder.path) {}
            Issue.record("two hold it")
        } catch {
            #expect(error.problem == "process \(owner) holds it")
        }
    }

    @Test func `a lock whose owner lives is not waited for`() throws {
        sign(as: getpid())
        defer { close(rest) }
        do {
            _ = try HomeLock.take(of: folder.path) { Issue.record("it is waited for") }
            Issue.record("two hold it")
        } catch {
            #expect(error.kind == .busy)
        }
    }

    private func sign(as process: pid_t) {
        let text = Array("\(process)\n".utf8)
        #expect(unsafe pwrite(rest, text, text.count, 0) == text.count)
    }

    /// The number of one that has ended and is forgotten.
    private func deadProcess() throws -> pid_t {
        var process: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("true"), nil]
        defer { unsafe free(words[0]) }
        try #require(unsafe posix_spawn(&process, "/bin/true", nil, nil, &words, nil) == 0)
        var status: Int32 = 0
        try #require(unsafe waitpid(process, &status, 0) == process)
        return process
    }
}
