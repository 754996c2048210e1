import Attempts
import Engine
import FoundationEssentials
import Glibc
import HTTP
import JSON
import Logs
import People
import Pipelines
import Server
import Support
import TestReports
import Testing

@Suite("Logs", .timeLimit(.minutes(1))) struct LogTests {
    private static let path = "/api/v1/pipelines/shop/executions/1/attempts/build/1/make/1"

    private struct Running {
        let scene: Scene
        let token: String
        let folder: AttemptFolder
        let attempt: AttemptID

        init() throws {
            scene = try Scene()
            token = try scene.people.token(.viewer)
            try scene.start()
            attempt = try #require(scene.desk.view.state.runners.underWay.first?.attempt)
            folder = try scene.makeFolder(of: attempt)
        }

        /// What is printed is at the end of the file at once, as a writer has it.
        func print(_ text: [UInt8]) throws {
            if !FileManager.default.fileExists(atPath: folder.log) {
                try Data().write(to: URL(filePath: folder.log))
            }
            let old = try Data(contentsOf: URL(filePath: folder.log))
            try (old + Data(text)).write(to: URL(filePath: folder.log))
        }

        func print(_ text: String) throws { try print(Array(text.utf8)) }
    }

    @Test func `are given as bytes from any place on`() async throws {
        let run = try Running()
        let path = "\(LogTests.path)/log"
        let none = await run.scene.ask(.get, path, as: run.token)
        #expect(none.status == 200)
        #expect(none.headers["X-Log-Size"] == "0")
        try run.print("0123456789")
        for (query, text) in [
            ("", "0123456789"), ("?offset=3", "3456789"), ("?offset=3&limit=2", "34"),
            ("?offset=-4", "6789"), ("?offset=-100", "0123456789"), ("?offset=10", ""),
            ("?offset=99", ""),
        ] {
            let response = await run.scene.ask(.get, path + query, as: run.token)
            #expect(response.text == text, "\(query)")
            #expect(response.headers["X-Log-Size"] == "10")
            #expect(response.headers["X-Log-Complete"] == "false")
            #expect(response.headers["Content-Type"] == "text/plain; charset=utf-8")
        }
        run.scene.desk.end("make")
        let done = await run.scene.ask(.get, path, as: run.token)
        #expect(done.headers["X-Log-Complete"] == "true")
        let missing = path.replacing("make/1", with: "make/2")
        #expect(await run.scene.ask(.get, missing, as: run.token).status == 404)
    }

    @Test func `that are long are sent while they are read, compressed or not`() async throws {
        let run = try Running()
        let line = Array("what a build prints, again and again\n".utf8)
        let bytes = Array(Array(repeating: line, count: 20_000).joined())
        try run.print(bytes)
        run.scene.desk.end("make")
        for isCompressed in [false, true] {
            if isCompressed {
                #expect(try LogCompression(of: LogPlace(run.folder.log)).run { false })
            }
            let response = await run.scene.ask(
                .get, "\(LogTests.path)/log?offset=5", as: run.token)
            let listener = Listener(try #require(response.stream))
            let text = await listener.read(upTo: 10_000) { _ in false }
            #expect(Array(text.utf8) == Array(bytes.dropFirst(5)))
        }
    }

    private static func text(_ events: [Heard]) throws -> String {
        try events.filter { $0.event == "log" }.map { event in
            try #require(try JSON(parsing: Array(event.data.utf8)).string)
        }.joined()
    }

    @Test func `are followed while they grow, and end when the attempt does`() async throws {
        let run = try Running()
        let response = await run.scene.ask(
            .get, "\(LogTests.path)/log", as: run.token, ["Accept": "text/event-stream"])
        #expect(response.headers["Content-Type"] == "text/event-stream")
        let listener = Listener(try #require(response.stream))
        await listener.read { $0.hasPrefix("retry:") }
        try run.print("one\r\n")
        await listener.read { $0.contains("one") }
        try run.print(Array("zw\u{F6}lf\n".utf8.prefix(3)))
        try run.print(Array("zw\u{F6}lf\n".utf8.dropFirst(3)))
        await listener.read { $0.contains("lf") }
        run.scene.desk.end("make")
        let text = await listener.read { _ in false }
        let events = Heard.all(in: text)
        #expect(try Self.text(events) == "one\r\nzw\u{F6}lf\n")
        #expect(events.last == Heard(id: 12, event: "end", data: "{\"size\":12}"))
    }

    @Test func `that nobody has begun to write are waited for`() async throws {
        let run = try Running()
        try FileManager.default.removeItem(atPath: run.folder.path)
        let response = await run.scene.ask(
            .get, "\(LogTests.path)/log?follow=true", as: run.token)
        let listener = Listener(try #require(response.stream))
        await listener.read { $0.hasPrefix("retry:") }
        let folder = try run.scene.makeFolder(of: run.attempt)
        try Data("late\n".utf8).write(to: URL(filePath: folder.log))
        run.scene.desk.begin()
        await listener.read { $0.contains("late") }
        listener.leave()
    }

    @Test func `are followed from any byte on without a gap`() async throws {
        let run = try Running()
        let whole = "one\ntw\u{F6} \u{1F600}\nthree"
        try run.print(whole)
        run.scene.desk.end("make")
        let bytes = Array(whole.utf8)
        for place in 0..<bytes.count {
            let response = await run.scene.ask(
                .get, "\(LogTests.path)/log?follow=true", as: run.token,
                ["Last-Event-ID": "\(place)"])
            let listener = Listener(try #require(response.stream))
            let events = Heard.all(in: await listener.read { _ in false })
            // What begins inside a letter shows that it was cut.
            let rest = String(decoding: bytes[place...], as: UTF8.self)
            #expect(try Self.text(events) == rest)
            #expect(events.last?.id == bytes.count)
        }
        let over = await run.scene.ask(
            .get, "\(LogTests.path)/log?follow=true", as: run.token,
            ["Last-Event-ID": "\(bytes.count)"])
        #expect(over.status == 204)
    }

    @Test func `are sent as events that any cut into pieces leaves whole`() {
        let bytes = Array("a\u{F6}\u{20AC}\u{1F600}\n".utf8) + [0xFF, 0xC3]
        for cut in 0...bytes.count {
            let first = LogText.events(of: Array(bytes[..<cut]), at: 0, isEnd: false)
            let second = LogText.events(
                of: Array(bytes[first.next...]), at: first.next, isEnd: true)
            let heard = Heard.all(in: String(decoding: first.text + second.text, as: UTF8.self))
            #expect(heard.last?.id == bytes.count)
            let text = heard.compactMap { try? JSON(parsing: Array($0.data.utf8)).string }.joined()
            #expect(text == "a\u{F6}\u{20AC}\u{1F600}\n\u{FFFD}\u{FFFD}", "cut at \(cut)")
        }
    }

    @Test func `cost no more than their place while a thousand wait for them`() async throws {
        let run = try Running()
        try run.print("begin\n")
        let before = Self.openFiles
        var listeners: [Listener] = []
        for _ in 1...1_000 {
            let response = await run.scene.ask(
                .get, "\(LogTests.path)/log?follow=true", as: run.token)
            let listener = Listener(try #require(response.stream))
            await listener.read { $0.contains("begin") }
            listeners.append(listener)
        }
        #expect(Self.openFiles - before < 50)
        try run.print("more\n")
        for listener in listeners { await listener.read { $0.contains("more") } }
        run.scene.desk.end("make")
        for listener in listeners {
            let text = await listener.read { _ in false }
            #expect(text.hasSuffix("data: {\"size\":11}\n\n"))
            listener.leave()
        }
    }

    private static var openFiles: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }

    @Test func `end for whoever's token is revoked`() async throws {
        let run = try Running()
        let response = await run.scene.ask(
            .get, "\(LogTests.path)/log?follow=true", as: run.token)
        let listener = Listener(try #require(response.stream))
        await listener.read { $0.hasPrefix("retry:") }
        try run.scene.people.revoke(run.token)
        run.scene.desk.pass(.seconds(15))
        run.scene.api.beat()
        let text = await listener.read { _ in false }
        #expect(!text.contains("event: end"))
    }

    @Test func `go with the report of their tests`() async throws {
        let run = try Running()
        let report = """
            <testsuite name="Shop"><testcase classname="Shop" name="t1"/>
            <testcase classname="Shop" name="t2"><failure message="1 is not 2"/></testcase>
            <testcase classname="Shop" name="t3"/></testsuite>
            """
        try run.scene.folder.write(report, to: "report.xml")
        let file = unsafe open(run.scene.folder.file("report.xml"), O_RDONLY)
        defer { close(file) }
        var recorder = TestRecorder(behind: Veil(hiding: []))
        recorder.read("report.xml", from: file, bytes: report.utf8.count)
        #expect(TestRecordFile.write(recorder.record(), in: run.folder) == nil)
        let path = "\(LogTests.path)/tests"
        let all = try await run.scene.read("\(path)?limit=2", as: run.token)
        #expect(all["total"]?.int == 3)
        #expect(all["items"]?.elements.compactMap { $0["name"]?.string } == ["t1", "t2"])
        let next = try #require(all["next"]?.string)
        let rest = try await run.scene.read("\(path)?limit=2&after=\(next)", as: run.token)
        #expect(rest["items"]?.elements.compactMap { $0["name"]?.string } == ["t3"])
        #expect(rest["next"] == .null)
        let failed = try await run.scene.read("\(path)?failed=true", as: run.token)
        #expect(failed["items"]?[0]?["message"]?.string == "1 is not 2")
    }
}
