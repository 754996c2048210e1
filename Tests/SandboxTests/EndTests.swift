import Attempts
import CLaunch
import Glibc
import Sandbox
import Support
import Testing

@Suite("How an attempt ends") struct EndTests {
    @Test(
        "is what its commands did",
        arguments: [
            ("echo fine", AttemptReport.End.succeeded), ("exit 3", .exited(code: 3)),
            ("false; echo never", .exited(code: 1)), ("kill -9 $$", .exited(code: 137)),
            ("echo $undefined", .exited(code: 2)),
        ])
    func ends(script: String, end: AttemptReport.End) throws {
        #expect(try Attempting(script).run().report.end == end)
    }

    @Test func `steps are told apart, and the first that fails is the last`() throws {
        let attempting = try Attempting(steps: [
            .init(name: "one", script: "echo 1"), .init(name: nil, script: "echo 2; exit 4"),
            .init(name: "three", script: "echo 3"),
        ])
        let (report, log) = try attempting.run()
        #expect(report.end == .exited(code: 4))
        #expect(report.steps.map(\.code) == [0, 4])
        #expect(log == "1\n2\n")
    }

    @Test func `out of time, it is asked, and then killed`() throws {
        var attempting = try Attempting("trap '' TERM; echo deaf; while :; do sleep 1; done")
        attempting.spec.limits = .init(milliseconds: 300, graceMilliseconds: 200)
        #expect(try attempting.run().report.end == .timedOut)
    }

    @Test func `who is asked to stop can still put things in order`() throws {
        let attempting = try Attempting(
            "trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.1; done")
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("ready")
        try supervisor.ask(.gently, in: attempting.attempt)
        supervisor.wait()
        #expect(try attempting.report().end == .stopped)
        #expect(try attempting.log().contains("tidied"))
    }

    @Test func `who does not listen is killed at once when that is asked`() throws {
        let attempting = try Attempting("trap '' TERM; echo ready; while :; do sleep 1; done")
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("ready")
        try supervisor.ask(.gently, in: attempting.attempt)
        try supervisor.ask(.atOnce, in: attempting.attempt)
        supervisor.wait()
        #expect(try attempting.report().end == .stopped)
    }

    @Test func `what was left in the background is dead, and does not hold the log open`() throws {
        let attempting = try Attempting(
            "(setsid sh -c 'sleep 1000' &) ; sh -c 'sleep 1000' & echo done")
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded)
        #expect(log == "done\n")
        #expect(report.milliseconds < 60_000)
    }

    @Test func `what uses too much memory is ended, and the reason is told`() throws {
        var attempting = try Attempting(
            "python3 -c 'a = bytearray(300 << 20); input()'")
        attempting.spec.limits.memory = 100 << 20
        #expect(try attempting.run().report.end == .outOfMemory)
    }

    @Test func `a fork bomb stays within its bounds`() throws {
        // It stays a while at its bounds, so that it is seen there where no group counts.
        let bomb = """
            import os, signal
            try:
                while os.fork(): pass
            except OSError:
                signal.setitimer(signal.ITIMER_REAL, 0.5)
            signal.pause()
            """
        var attempting = try Attempting("python3 -c '\(bomb)'; echo unreachable")
        attempting.spec.limits.processes = 20
        let (report, log) = try attempting.run()
        #expect(report.end == .overLimit("processes"))
        #expect(!log.contains("unreachable"))
    }

    @Test func `output beyond the limit ends it, and the log says what is missing`() throws {
        var attempting = try Attempting("yes")
        attempting.spec.limits.output = 1_000
        let (report, log) = try attempting.run()
        #expect(report.end == .overLimit("output"))
        #expect(report.logBytes == 1_000)
        #expect(log.hasPrefix(String(repeating: "y\n", count: 500)))
        #expect(log.hasSuffix("bytes more were not kept: the limit is 1000 bytes\n"))
    }

    @Test func `a full workspace ends it`() throws {
        var attempting = try Attempting(
            "while :; do head -c 1000000 /dev/zero > f$((n = ${n:-0} + 1)); done")
        attempting.spec.limits.disk = 20 << 20
        #expect(try attempting.run().report.end == .overLimit("disk"))
    }

    @Test func `a damaged spec is told of`() throws {
        let attempting = try Attempting("true")
        try attempting.prepare()
        try attempting.folder.write("id 99\nx\n", to: "attempt/spec")
        let supervisor = try attempting.start()
        supervisor.wait()
        #expect(
            try attempting.report().end == .couldNotStart("a field is cut off or damaged"))
    }

    @Test func `whoever comes second does nothing`() throws {
        let attempting = try Attempting("echo once")
        let first = try attempting.run()
        let second = try attempting.start()
        second.wait()
        #expect(try attempting.report() == first.report)
        #expect(try attempting.log() == "once\n")
    }

    @Test func `with its supervisor dies all that it ran`() throws {
        let attempting = try Attempting("echo ready; sleep 1000 & sleep 1001")
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("ready")
        let id = supervisor.id
        let children = try Program.run(["/bin/cat", "/proc/\(id)/task/\(id)/children"]).output
        let bubblewrap = try #require(pid_t(children.split(separator: " ").first ?? ""))
        let descriptor = slipway_process_descriptor(bubblewrap)
        kill(supervisor.id, SIGKILL)
        supervisor.wait()
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        #expect(unsafe poll(&waited, 1, 60_000) == 1)
        close(descriptor)
        #expect(throws: (any Error).self) { try attempting.report() }
        #expect(SupervisorProcess.find(attempting.attempt) == nil)
    }

    /// At a moment when bubblewrap's own child waits for it.
    @Test(arguments: AttemptSpec.Network.allCases)
    func `killed at the very beginning, it leaves nobody either`(
        network: AttemptSpec.Network
    ) throws {
        guard network != .outbound || Outside.isPossible else { return }
        for _ in 0..<20 {
            var attempting = try Attempting("sleep 1000")
            attempting.spec.network = network
            try attempting.prepare()
            let supervisor = try attempting.start()
            var children: [Int32] = []
            while !children.contains(where: { Outside.name($0) == "bwrap" }) {
                children = Outside.children(of: supervisor.id)
            }
            kill(supervisor.id, SIGKILL)
            supervisor.wait()
            let patience = ContinuousClock.now + .seconds(60)
            while Outside.processes(inSessionsOf: children) > 0, ContinuousClock.now < patience {
                sched_yield()
            }
            try #require(Outside.processes(inSessionsOf: children) == 0)
        }
    }
}
