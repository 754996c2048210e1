import Attempts
import CLaunch
import FoundationEssentials
import Glibc
import Sandbox
import Support
import Testing

/// On hosts and in worlds that are network namespaces of the tests' own: nothing is ever sent to
/// anybody outside.
@Suite("Network 'outbound'", .enabled(if: Outside.isPossible, "/dev/net/tun is for root alone"))
struct OutboundTests {
    @Test func `reaches the world, and its names`() throws {
        let (report, lines) = try Outside.run([
            "198.51.100.2", "world.example", "10.7.7.7", "192.168.7.7",
        ])
        #expect(report.end == .succeeded)
        #expect(
            lines == [
                "198.51.100.2 reached", "world.example reached", "10.7.7.7 reached",
                "192.168.7.7 reached",
            ])
    }

    @Test(
        "E36: does not reach its host, by whatever address",
        arguments: ["198.51.100.1", "203.0.113.5", "127.8.8.8", "127.0.0.1", "10.0.2.2", "0.0.0.0"])
    func ownHost(address: String) throws {
        let (_, lines) = try Outside.run([address, "::ffff:\(address)"])
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { !$0.hasSuffix("reached") }, "\(lines)")
    }

    @Test func `E37: does not reach where clouds keep a machine's secrets`() throws {
        let (_, lines) = try Outside.run([
            "169.254.169.254", "::ffff:169.254.169.254", "169.254.170.2", "168.63.129.16",
            "100.100.100.200",
        ])
        #expect(lines.count == 5)
        #expect(lines.allSatisfy { $0.hasSuffix(" EACCES") }, "\(lines)")
    }

    @Test func `E37: has no IPv6, in which metadata has an address too`() throws {
        let (_, lines) = try Outside.run(["fd00:ec2::254"])
        #expect(lines == ["fd00:ec2::254 ENETUNREACH"])
    }

    @Test func `reaches of its host's name server nothing but the answers`() throws {
        // The name server itself answers at the same port, and can be reached by its address.
        let (_, lines) = try Outside.run(["198.51.100.53", "10.0.2.3"])
        #expect(lines.first == "198.51.100.53 reached")
        #expect(lines.last?.hasSuffix("reached") == false)
    }

    @Test func `does not reach what the runner's profile blocks`() throws {
        let blocked = ["10.0.0.0/8", "192.168.7.7", "10.0.2.2", "10.0.2.3"]
        let (_, lines) = try Outside.run(
            ["10.7.7.7", "10.0.2.50", "192.168.7.7", "world.example"], blocked: blocked)
        #expect(
            lines == [
                "10.7.7.7 EACCES", "10.0.2.50 EACCES", "192.168.7.7 EACCES",
                "world.example reached",
            ])
    }

    @Test func `cannot be changed by the commands`() throws {
        let script = """
            ip route del prohibit 169.254.0.0/16 2>&1 || true
            ip link set lo down 2>&1 || true
            ls /dev/net 2>&1 || true
            """
        let attempting = try Outside.attempting(script)
        let (_, log) = try attempting.run()
        #expect(log.contains("Cannot open netlink socket"))
        #expect(log.contains("/dev/net"))
    }

    @Test func `comes with certificates and with names of its own`() throws {
        let (_, log) = try Outside.attempting(
            "cat /etc/resolv.conf; getent hosts localhost; ls /etc/ssl/certs | wc -l"
        ).run()
        let lines = log.split(separator: "\n")
        #expect(lines.first == "nameserver 10.0.2.3")
        #expect(lines.count == 3)
    }

    @Test func `goes with its supervisor, and leaves no process and no namespace`() throws {
        let attempting = try Outside.attempting("readlink /proc/self/ns/net; sleep 1000")
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("]")
        let network = try attempting.log().split(separator: "\n").joined()
        #expect(Outside.processes(in: network) > 0)
        let children = Outside.children(of: supervisor.id)
        #expect(Set(children.map(Outside.name)) == ["bwrap", "slirp4netns"])
        let watched = children.map(slipway_process_descriptor)
        kill(supervisor.id, SIGKILL)
        supervisor.wait()
        for descriptor in watched {
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            #expect(unsafe poll(&waited, 1, 60_000) == 1)
            close(descriptor)
        }
        // The first in the sandbox goes right after bubblewrap.
        let patience = ContinuousClock.now + .seconds(60)
        while Outside.processes(in: network) > 0, ContinuousClock.now < patience { sched_yield() }
        #expect(Outside.processes(in: network) == 0)
    }

    @Test func `is told of when it breaks down, and not replaced by another`() throws {
        let attempting = try Outside.attempting(
            "trap 'exit 3' TERM; echo ready; while [ ! -e /tmp/go ]; do sleep 0.1; done")
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("ready")
        let slirp = Outside.children(of: supervisor.id).filter { Outside.name($0) == "slirp4netns" }
        #expect(slirp.count == 1)
        for process in slirp { kill(process, SIGKILL) }
        try attempting.waitFor("slirp4netns has ended")
        try supervisor.ask(.atOnce, in: attempting.attempt)
        supervisor.wait()
        #expect(try attempting.report().end == .stopped)
    }

    @Test(
        "is refused with the reason and the cure where it cannot be had",
        arguments: [
            (
                "/dev/null",
                "cannot give it network 'outbound': slirp4netns is not installed; "
                    + "install it: apt-get install slirp4netns"
            ),
            (
                "/usr/bin/false",
                "cannot give it network 'outbound': slirp4netns failed: it said nothing"
            ),
        ])
    func refused(program: String, reason: String) throws {
        let attempting = try Outside.attempting("echo never")
        try attempting.prepare()
        try Outside.run(
            attempting, after: "mount --bind \(program) /usr/bin/slirp4netns", network: false)
        #expect(try attempting.report().end == .couldNotStart(reason))
        #expect(try attempting.log() == "")
    }
}
