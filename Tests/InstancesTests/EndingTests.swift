import Attempts
import Instances
import Support
import Testing

@Suite("How an instance is ended") struct EndingTests {
    @Test func `one that ignores the request is killed after its grace`() throws {
        let house = try Serving()
        var spec = try Serving.spec(
            "trap '' TERM; echo deaf; while :; do sleep 1; done", health: .lives)
        spec.limits.graceMilliseconds = 100
        try house.instances.launch(spec)
        try house.wait { $0.condition == .healthy }
        try house.instances.stop(spec.name)
        let end = try house.wait { _ in false }
        #expect(end == InstanceState(.gone, cause: "stopped", lastLines: ["deaf"]))
    }

    @Test func `one that is not to have any time is killed at once`() throws {
        let house = try Serving()
        let spec = try Serving.spec("trap '' TERM; while :; do sleep 1; done", health: .lives)
        try house.instances.launch(spec)
        try house.wait { $0.condition == .healthy }
        try house.instances.stop(spec.name)
        try house.wait { $0.condition == .stopping }
        try house.instances.stop(spec.name, atOnce: true)
        #expect(try house.wait { _ in false }.cause == "stopped")
    }

    @Test func `what is under way goes on, and nobody new is taken in`() throws {
        let house = try Serving()
        let command = """
            cat > /tmp/server.py <<'END'
            import os, signal, socket
            server = socket.create_server(('', int(os.environ['PORT'])))
            asked = []
            signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
            while True:
                talk, _ = server.accept()
                for word in iter(lambda: talk.recv(100), b''):
                    talk.sendall(b'asked to end\\n' if asked else word)
                    if word == b'bye\\n' and asked: os._exit(0)
            END
            exec python3 /tmp/server.py
            """
        let spec = try Serving.spec(command, health: .accepts)
        try house.instances.launch(spec)
        let door = try #require(try house.wait { $0.condition == .healthy }.door)
        let client = try TestSocket(door: door)
        client.send("one\n")
        #expect(client.receive(until: "one\n") == "one\n")
        try house.instances.stop(spec.name)
        try house.wait { $0.condition == .stopping }
        #expect(throws: TestSocket.Failed.self) { try TestSocket(door: door) }
        var said = ""
        while said != "asked to end\n" {
            client.send("two\n")
            said = client.receive(until: "\n")
            #expect(["two\n", "asked to end\n"].contains(said))
        }
        client.send("bye\n")
        #expect(client.receiveToEnd() == "asked to end\n")
        #expect(try house.wait { _ in false }.cause == "stopped")
    }

    @Test func `nothing of it is left but its log`() throws {
        let house = try Serving()
        let tree = try house.tree(["page": "page"])
        var spec = try Serving.spec(
            "echo more > page; mkdir -p deep/er; echo x > deep/er/x; (setsid sleep 1000 &); exit 4")
        spec.tree = tree
        spec.limits.memory = 200 << 20
        try house.instances.launch(spec)
        #expect(try house.wait { _ in false }.cause == "exited with code 4")
        house.instances.finish()
        #expect(try house.running() == [])
        #expect(try house.folder.text(of: "tree/page") == "page")
        let left = try house.files(in: "instances/staging/i1")
        #expect(left == ["lock", "log", "log.index", "report", "spec"])
    }
}
