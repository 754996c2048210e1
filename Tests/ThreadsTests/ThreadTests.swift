import Glibc
import Synchronization
import Testing
import Threads

@Suite("Threads") struct ThreadTests {
    @Test func `a thread that is joined has done its work`() throws {
        let isDone = Mutex(false)
        let bell = try Bell()
        let thread = try OwnThread {
            bell.wait(.seconds(20))
            isDone.withLock { $0 = true }
        }
        #expect(isDone.withLock { !$0 })
        bell.ring()
        thread.join()
        #expect(isDone.withLock { $0 })
    }

    @Test func `a thread that nobody keeps does its work all the same, and lets go of it`() throws {
        final class Tool: Sendable {
            let bell: Bell

            init(_ bell: Bell) { self.bell = bell }
            deinit { bell.ring() }
        }
        let bell = try Bell()
        var tool: Tool? = Tool(bell)
        _ = try OwnThread { [tool] in _ = tool }
        tool = nil
        bell.wait(.seconds(20))
        #expect(bell.isRung)
    }

    @Test func `a bell is rung until it is hushed, however often it was`() throws {
        let bell = try Bell()
        #expect(!bell.isRung)
        for _ in 0..<3 { bell.ring() }
        #expect(bell.isRung && bell.isRung)
        bell.hush()
        #expect(!bell.isRung)
        // Nobody waits for a bell that was not rung in order to hush it.
        bell.hush()
        bell.ring()
        #expect(bell.isRung)
    }

    @Test func `no program that is started inherits a bell`() throws {
        #expect(fcntl(try Bell().descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }
}
