import Attempts
import Glibc
import Sandbox
import Support
import Testing

@Suite("What an attempt takes of the machine") struct BoundsTests {
    private func end(_ script: String, disk: Int) throws -> AttemptReport.End {
        var attempting = try Attempting(script)
        attempting.spec.limits.disk = disk
        return try attempting.run().report.end
    }

    @Test func `files that hold nothing count, because they have inodes`() throws {
        let script = "i=0; while :; do : > f$i; i=$((i + 1)); done"
        #expect(try end(script, disk: 1 << 20) == .overLimit("disk"))
    }

    @Test func `files without a name count as long as somebody has them open`() throws {
        let script = """
            for i in 1 2 3 4 5 6; do
              sh -c 'exec 3>f$1; rm f$1; head -c 1000000 /dev/zero >&3; exec sleep 1000' sh $i &
            done; wait
            """
        #expect(try end(script, disk: 4 << 20) == .overLimit("disk"))
    }

    @Test func `nobody hides from the count far down`() throws {
        let script = "i=0; while [ $i -lt 210 ]; do mkdir d; cd d; i=$((i + 1)); done; sleep 1000"
        let why = "disk: folders are nested deeper than 200, uncounted"
        #expect(try end(script, disk: 64 << 20) == .overLimit(why))
    }

    @Test func `no place that is memory is without an end`() throws {
        var attempting = try Attempting(
            """
            for place in /tmp /dev/shm /run/slipway; do
              head -c 40000000 /dev/zero 2>/dev/null > $place/fill || echo "$place is full"
            done
            """)
        attempting.spec.limits.disk = 8 << 20
        let (_, log) = try attempting.run()
        let lines = log.split(separator: "\n")
        #expect(lines.prefix(3) == ["/tmp is full", "/dev/shm is full", "/run/slipway is full"])
    }

    @Test func `thousands of secrets and steps have their place all the same`() throws {
        let steps = Array(repeating: AttemptSpec.Step(name: nil, script: "true"), count: 1_200)
        var attempting = try Attempting(
            steps: steps + [.init(name: nil, script: "ls /run/secrets | wc -l")])
        attempting.secrets = (0..<2_000).map { number in
            HandedSecret(
                name: "s\(number)", value: Array("secret-\(number)-value".utf8), variable: nil)
        }
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded)
        #expect(log == "2000\n")
    }

    @Test func `nothing can be put into /dev`() throws {
        let (report, _) = try Attempting(
            "! touch /dev/new; echo x > /dev/null; : > /dev/shm/f"
        ).run()
        #expect(report.end == .succeeded)
    }

    @Test(
        "whoever fills the disk is ended, and the end is written all the same",
        .enabled(if: getuid() == 0, "only root can make so small a disk"))
    func full() throws {
        let attempting = try Attempting(
            "while head -c 1000000 /dev/zero > f$((n = ${n:-0} + 1)); do :; done; "
                + "yes | head -c 9000; sleep 1000")
        let path = attempting.folder.path
        let mount = ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=16m", "small", path]
        try #require(try Program.run(mount).code == 0)
        defer { _ = try? Program.run(["/usr/bin/umount", path]) }
        try Filter.write(to: attempting.spec.filter)
        #expect(
            try attempting.run().report.end
                == .overLimit("disk: hardly any is left, and it has taken much"))
    }
}
