import Attempts
import Glibc
import Instances
import Support
import Testing

@Suite("What an instance has") struct InstanceSandboxTests {
    /// What the commands print, who then end.
    private func printed(
        by command: String, in house: Serving, _ change: (inout InstanceSpec) -> Void = { _ in }
    ) throws -> String {
        var spec = try Serving.spec(command)
        change(&spec)
        try house.instances.launch(spec)
        try house.wait { _ in false }
        return try house.log()
    }

    @Test func `is its tree, of which it has a copy that costs nothing`() throws {
        let house = try Serving()
        let tree = try house.tree(["page": "hello"])
        let text = try printed(by: "cat page; echo -bye >> page; cat page", in: house) {
            $0.tree = tree
        }
        #expect(text == "hellohello-bye\n")
        #expect(try house.folder.text(of: "tree/page") == "hello")
    }

    @Test func `is its tree alone where it may not write`() throws {
        let house = try Serving()
        let tree = try house.tree(["page": "hello\n"])
        let text = try printed(by: "cat page; touch new 2>&1 || echo refused", in: house) {
            $0.tree = tree
            $0.isReadOnly = true
        }
        #expect(text.hasPrefix("hello\n"))
        #expect(text.hasSuffix("refused\n"))
    }

    @Test func `is its environment, its port and its secrets, which its log does not have`() throws
    {
        let house = try Serving()
        let text = try printed(
            by: "echo $COLOUR $PORT ${CI-none}; echo $TOKEN; cat /run/secrets/key", in: house
        ) {
            $0.environment = ["COLOUR": "green", "PORT": "1"]
            $0.port = 9_000
            $0.secrets = [
                HandedSecret(name: "token", value: Array("tell-nobody".utf8), variable: "TOKEN"),
                HandedSecret(name: "key", value: Array("nor-this-one".utf8), variable: nil),
            ]
        }
        #expect(text == "green 9000 none\n***\n***")
        #expect(try !house.folder.text(of: "instances/staging/i1/spec").contains("tell-nobody"))
    }

    @Test func `is a network in which nobody else is, and which it does not rule`() throws {
        let house = try Serving()
        let outside = try TestListener()
        let text = try printed(
            by: """
                cat > /tmp/try.py <<'END'
                import os, socket
                def attempt(body):
                    try:
                        body()
                        print('done')
                    except OSError as error: print(os.strerror(error.errno))
                attempt(lambda: socket.create_connection(('127.0.0.1', \(outside.port)), 2))
                attempt(lambda: socket.create_server(('127.0.0.1', 80)))
                attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
                END
                python3 /tmp/try.py; tail -n +2 /proc/net/route
                tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '
                """, in: house)
        #expect(
            text == """
                Connection refused
                Permission denied
                Operation not permitted
                lo

                """)
        #expect(!outside.isCalled)
    }

    @Test func `is no file of the house, and no right`() throws {
        let house = try Serving()
        let text = try printed(
            by: """
                ls \(house.folder.path) 2>&1 || true
                grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status
                unshare -U true 2>&1 || echo refused; id -u
                """, in: house)
        #expect(text.contains("No such file or directory"))
        #expect(text.contains("CapEff:\t0000000000000000\n"))
        #expect(text.contains("NoNewPrivs:\t1\n"))
        #expect(text.contains("Seccomp:\t2\n"))
        #expect(text.contains("refused\n1000\n"))
    }

    @Test func `is a user of its own where root runs it`() throws {
        guard getuid() == 0 else { return }
        let house = try Serving()
        for id in ["i1", "i2"] {
            try house.instances.launch(
                try Serving.spec("exec tail -f /dev/null", id: id, health: .lives))
        }
        var users = Set<String>()
        for id in ["i1", "i2"] {
            try house.wait(for: id) { $0.condition == .healthy }
            let spec = try house.folder.text(of: "instances/staging/\(id)/spec")
            let slot = try #require(spec.split(separator: "\nslot ").last)
            users.insert(String(slot.split(separator: "\n")[1]))
        }
        #expect(users.count == 2)
    }

    @Test func `is as much of a log as it may have, the newest`() throws {
        let house = try Serving()
        let text = try printed(
            by: "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i + 1)); done", in: house
        ) { $0.logBytes = 64 << 10 }
        #expect(text.hasSuffix("line 19999\n"))
        #expect(text.utf8.count < 1 << 20)
        #expect(!text.contains("line 1\n"))
        #expect(try house.files(in: "instances/staging/i1").contains("log.before"))
    }

    @Test func `a worker has no door`() throws {
        let house = try Serving()
        var spec = try Serving.spec("exec tail -f /dev/null", health: .lives)
        spec.port = nil
        try house.instances.launch(spec)
        let state = try house.wait { $0.condition == .healthy }
        #expect(state == InstanceState(.healthy))
    }

    @Test func `one that is looked at from inside is healthy when its script says so`() throws {
        let house = try Serving()
        var spec = try Serving.spec(
            "touch /tmp/ready; exec tail -f /dev/null",
            health: .command("test -e /tmp/ready; test -z \"${NOT_THERE-}\""))
        spec.port = nil
        spec.limits.processes = 20
        try house.instances.launch(spec)
        #expect(try house.wait { $0.condition == .healthy }.condition == .healthy)
    }
}
