import Attempts
import Containers
import Docker
import Glibc
import Sandbox
import Support
import Testing

@Suite(
    "How an attempt in a container ends",
    .enabled(if: TestEngine.socket != nil, "\(TestEngine.reason)"))
struct ContainerEndTests {
    @Test(
        "is what its commands did",
        arguments: [
            ("echo fine", AttemptReport.End.succeeded), ("exit 3", .exited(code: 3)),
            ("false; echo never", .exited(code: 1)), ("kill -9 $$", .exited(code: 137)),
            ("echo $undefined", .exited(code: 2)),
        ])
    func ends(script: String, end: AttemptReport.End) throws {
        let attempting = try ContainerAttempting(script)
        #expect(try attempting.run().report.end == end)
        #expect(try attempting.things() == [])
        #expect(unsafe access(attempting.attempt.channels, F_OK) != 0)
    }

    @Test func `steps are told apart, and the first that fails is the last`() throws {
        let attempting = try ContainerAttempting(steps: [
            .init(name: "one", script: "echo 1; echo 2 >&2"),
            .init(name: nil, script: "echo 3; exit 4"), .init(name: "three", script: "echo 4"),
        ])
        let (report, log) = try attempting.run()
        #expect(report.end == .exited(code: 4))
        #expect(report.steps.map(\.code) == [0, 4])
        #expect(log == "1\n2\n3\n")
    }

    @Test func `out of time, it is asked, and then killed`() throws {
        var attempting = try ContainerAttempting(
            "trap '' TERM; echo deaf; while :; do sleep 1; done")
        attempting.spec.limits = .init(milliseconds: 2_000, graceMilliseconds: 200)
        #expect(try attempting.run().report.end == .timedOut)
        #expect(try attempting.things() == [])
    }

    @Test func `who is asked to stop can still put things in order`() throws {
        let attempting = try ContainerAttempting(
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
        let attempting = try ContainerAttempting(
            "trap '' TERM; echo ready; while :; do sleep 1; done")
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("ready")
        try supervisor.ask(.gently, in: attempting.attempt)
        try supervisor.ask(.atOnce, in: attempting.attempt)
        supervisor.wait()
        #expect(try attempting.report().end == .stopped)
    }

    @Test func `what was left in the background is dead, and does not hold the log open`() throws {
        let attempting = try ContainerAttempting(
            "(setsid sh -c 'sleep 1000' &) ; sh -c 'sleep 1000' & echo done")
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded)
        #expect(log == "done\n")
    }

    @Test func `what uses too much memory is ended, and the reason is told`() throws {
        var attempting = try ContainerAttempting(
            "x=0123456789abcdef; while :; do x=$x$x; done")
        attempting.spec.limits.memory = 100 << 20
        let report = try attempting.run().report
        #expect(report.end == .outOfMemory)
        #expect(report.peakMemory > 50 << 20)
    }

    @Test func `a fork bomb stays within its bounds`() throws {
        var attempting = try ContainerAttempting(
            "n=0; while [ $n -lt 50 ]; do sleep 1000 & n=$((n + 1)); done; echo unreachable")
        attempting.spec.limits.processes = 20
        let (report, log) = try attempting.run()
        #expect(report.end == .overLimit("processes"))
        #expect(!log.contains("unreachable"))
    }

    @Test func `output beyond the limit ends it, and the log says what is missing`() throws {
        var attempting = try ContainerAttempting("yes")
        attempting.spec.limits.output = 1_000
        let (report, log) = try attempting.run()
        #expect(report.end == .overLimit("output"))
        #expect(report.logBytes == 1_000)
        #expect(log.hasSuffix("bytes more were not kept: the limit is 1000 bytes\n"))
    }

    @Test func `a full workspace ends it`() throws {
        var attempting = try ContainerAttempting(
            "while :; do head -c 1000000 /dev/zero > f$((n = ${n:-0} + 1)); done")
        attempting.spec.limits.disk = 20 << 20
        #expect(try attempting.run().report.end == .overLimit("disk"))
    }

    @Test func `nonsense about steps without an end keeps nobody from the time`() throws {
        var attempting = try ContainerAttempting("while :; do yes >/run/slipway/steps; done")
        attempting.spec.limits = .init(milliseconds: 2_000, graceMilliseconds: 100)
        #expect(try attempting.run().report.end == .timedOut)
    }

    @Test func `an image that is not here, where none is pulled, is told of`() throws {
        let attempting = try ContainerAttempting("true", image: "nobody/has:this")
        #expect(
            try attempting.run().report.end
                == .couldNotStart(
                    "image 'nobody/has:this' is not on this machine, and the runner pulls none; "
                        + "pull it with 'docker pull nobody/has:this', or let the runner's profile "
                        + "say 'pull: missing'"))
    }

    @Test func `an image that cannot be pulled is told of in the Engine's words`() throws {
        let image = "127.0.0.1:1/none:1"
        let attempting = try ContainerAttempting(
            steps: [.init(name: nil, script: "true")], image: image, pull: .missing)
        let (report, log) = try attempting.run()
        guard case .couldNotStart(let why) = report.end else {
            Issue.record("it ended as \(report.end)")
            return
        }
        #expect(why.contains("connection refused"), "\(why)")
        #expect(log == "slipway: pulling image '\(image)'\n")
    }

    @Test func `an image without a shell is told of`() throws {
        let attempting = try ContainerAttempting("true", image: TestEngine.emptyImage)
        guard case .couldNotStart(let why) = try attempting.run().report.end else {
            Issue.record("it started")
            return
        }
        #expect(why.contains("/bin/sh"), "\(why)")
        #expect(try attempting.things() == [])
    }

    @Test func `an Engine that is not there is told of, and what to do`() throws {
        var attempting = try ContainerAttempting("true")
        attempting.spec.container = ContainerSpec(
            socket: "/nonexistent/docker.sock", image: "a", pull: .never, house: "h")
        guard case .couldNotStart(let why) = try attempting.run().report.end else {
            Issue.record("it started")
            return
        }
        #expect(why.hasPrefix("the Docker Engine cannot be reached at '/nonexistent/docker.sock'"))
        #expect(why.contains("start it, or name its socket"))
    }

    @Test func `what a killed supervisor leaves is found by its label and removed`() throws {
        let attempting = try ContainerAttempting("echo ready; sleep 1000")
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("ready")
        kill(supervisor.id, SIGKILL)
        supervisor.wait()
        #expect(throws: (any Error).self) { try attempting.report() }
        #expect(try attempting.things().count == 1)
        let engine = try DockerEngine(at: attempting.socket)
        try Leftovers.sweep(house: attempting.folder.path, on: engine) { _ in true }
        #expect(try attempting.things().count == 1)
        try Leftovers.sweep(house: attempting.folder.path, on: engine) { folder in
            folder != attempting.attempt.path
        }
        #expect(try attempting.things() == [])
    }
}
