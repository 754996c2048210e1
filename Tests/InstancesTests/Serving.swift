import Attempts
import FoundationEssentials
import Glibc
import Instances
import Logs
import Sandbox
import Support
import Testing

/// A house with instances, in a folder of its own; all of them are ended with it.
final class Serving {
    let folder: Folder
    private(set) var instances: Instances

    init() throws {
        folder = try Folder()
        instances = try Instances(
            home: folder.path, supervisors: InstanceSupervisors(sandbox: Self.supervisor),
            facts: HostFacts.look())
    }

    deinit {
        for name in instances.look().keys { try? instances.stop(name, atOnce: true) }
        while instances.look().values.contains(where: { $0.condition != .gone }) { waitForNews() }
        instances.finish()
    }

    static let supervisor: String = {
        let program = CommandLine.arguments.first ?? ""
        let folder = URL(filePath: program).deletingLastPathComponent()
        let beside = folder.appending(path: "slipway-instance-supervisor").path()
        return FileManager.default.fileExists(atPath: beside)
            ? beside : ".build/debug/slipway-instance-supervisor"
    }()

    static func name(_ id: String) throws -> InstanceName {
        try #require(InstanceName("staging", id))
    }

    /// One whose health is asked often, so that tests are quick.
    static func spec(
        _ command: String, id: String = "i1", health: HealthCheck.Kind = .http(path: "/")
    ) throws -> InstanceSpec {
        var spec = InstanceSpec(try name(id), command: command)
        spec.health = HealthCheck(health)
        spec.health.intervalMilliseconds = 50
        spec.limits.graceMilliseconds = 60_000
        return spec
    }

    /// A server in a few lines: `answer(handler)` is called for each GET.
    static func python(_ answer: String, port: String = "int(os.environ['PORT'])") -> String {
        """
        cat > /tmp/server.py <<'END'
        import http.server, os, socket, time
        bad = False
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def say(self, status, text, **more):
                self.send_response(status)
                for name, value in more.items(): self.send_header(name, value)
                self.send_header('Content-Length', str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())
            def do_GET(self):
                global bad
                \(answer)
            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                self.say(200, str(len(body)))
            def log_message(self, *words): pass
        print('begun', flush=True)
        http.server.ThreadingHTTPServer(('', \(port)), Handler).serve_forever()
        END
        exec python3 /tmp/server.py
        """
    }

    static var good: String { python("self.say(200, 'hello')") }

    /// Asks for a page through a door; what is said of it, empty if nothing is.
    static func get(_ path: String, at state: InstanceState) throws -> String {
        let client = try TestSocket(door: try #require(state.door))
        client.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return client.receiveToEnd()
    }

    /// The next house, as after a crash of this one: it has nothing but the folder.
    func comeBack() throws {
        instances = try Instances(
            home: folder.path, supervisors: InstanceSupervisors(sandbox: Self.supervisor),
            facts: HostFacts.look())
    }

    /// How the instance is when that is so, or when it is gone.
    @discardableResult
    func wait(
        for id: String = "i1", until isSo: (InstanceState) -> Bool
    ) throws -> InstanceState {
        let name = try Self.name(id)
        while true {
            let state = try #require(instances.look()[name])
            if isSo(state) || state.condition == .gone { return state }
            waitForNews()
        }
    }

    func waitForNews() {
        var waited = instances.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = unsafe poll(&waited, nfds_t(waited.count), -1)
    }

    func log(_ id: String = "i1") throws -> String {
        try instances.logs(of: try Self.name(id)).map { place in
            String(decoding: try Data(contentsOf: URL(filePath: place.plain)), as: UTF8.self)
        }.joined()
    }

    /// A tree as the house keeps it.
    func tree(_ files: [String: String]) throws -> String {
        let tree = folder.file("tree")
        try FileManager.default.createDirectory(
            atPath: tree, withIntermediateDirectories: false)
        for (name, text) in files { try folder.write(text, to: "tree/\(name)") }
        return tree
    }

    func files(in place: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.file(place)).sorted()
    }

    /// Programs of the machine that run for this house.
    func running() throws -> [String] { try RunningPrograms.naming(folder.path) }
}
