import HTTP
import Images
import Testing

@Suite("The push of a blob") struct BlobPushTests {
    private static let base = WebPlace("https://a.example/v2/team/web/")
    private static let blob = Descriptor(.dockerLayer, Digest(of: [1]), size: 100)
    private static let up = "/v2/team/web/blobs/uploads/1"

    private static func push(mountable: String? = nil, piece: Int = 40) throws -> BlobPush {
        BlobPush(
            blob, at: try #require(base), mountable: mountable, piece: piece,
            persistence: Persistence(seed: 1))
    }

    private static func answer(_ status: Int, _ headers: Headers = [:]) -> RegistryEvent {
        .answered(RegistryAnswer(status, headers))
    }

    private static func shown(_ step: RegistryStep<BlobPush.Outcome>) -> String {
        switch step {
        case .ask(let request):
            if case .part(let range) = request.body {
                "\(request.method.rawValue) \(request.place.target) \(range)"
            } else {
                "\(request.method.rawValue) \(request.place.target)"
            }
        case .wait: "wait"
        case .done(let outcome): "\(outcome)"
        case .failed(let problem): "\(problem.kind)"
        }
    }

    /// What is done after each of these.
    private static func story(
        _ events: [RegistryEvent], mountable: String? = nil, piece: Int = 40
    ) throws -> [String] {
        var push = try Self.push(mountable: mountable, piece: piece)
        var told = [shown(push.begin())]
        for event in events { told.append(shown(push.apply(event))) }
        return told.map { $0.replacing("\(blob.digest)", with: "D").replacing(digest, with: "D") }
    }

    private static let digest = "sha256%3A\(blob.digest.hex)"
    private static let look = "HEAD /v2/team/web/blobs/D"
    private static let open = "POST /v2/team/web/blobs/uploads/"
    private static let opened = answer(202, ["Location": up])

    private static func took(_ last: Int) -> RegistryEvent {
        answer(202, ["Location": "\(up)?s=\(last)", "Range": "0-\(last)"])
    }

    @Test func `ends where it is there`() throws {
        #expect(try Self.story([Self.answer(200)]) == [Self.look, "wasThere"])
    }

    @Test func `goes in pieces, each to where the registry said last`() throws {
        let told = try Self.story([
            Self.answer(404), Self.opened, Self.took(39), Self.took(79), Self.answer(201),
        ])
        #expect(
            told == [
                Self.look, Self.open, "PATCH \(Self.up) 0..<40", "PATCH \(Self.up)?s=39 40..<80",
                "PUT \(Self.up)?s=79&digest=D 80..<100", "sent",
            ])
    }

    @Test func `goes with one request if it is small`() throws {
        let told = try Self.story(
            [Self.answer(404), Self.opened, Self.answer(201)], piece: 100)
        #expect(told == [Self.look, Self.open, "PUT \(Self.up)?digest=D 0..<100", "sent"])
    }

    @Test func `takes larger pieces where the registry wants them`() throws {
        let opened = Self.answer(202, ["Location": Self.up, "OCI-Chunk-Min-Length": "70"])
        #expect(try Self.story([Self.answer(404), opened]).last == "PATCH \(Self.up) 0..<70")
    }

    @Test func `goes on from where the registry has got to`() throws {
        let events = [Self.answer(404), Self.opened, Self.took(39)]
        let broken = [.broke("gone"), .waited, Self.took(54)] as [RegistryEvent]
        #expect(
            try Self.story(events + broken).suffix(3) == [
                "wait", "GET \(Self.up)?s=39", "PATCH \(Self.up)?s=54 55..<95",
            ])
    }

    @Test func `goes on where less was taken than was sent`() throws {
        let told = try Self.story([Self.answer(404), Self.opened, Self.took(9)])
        #expect(told.last == "PATCH \(Self.up)?s=9 10..<50")
    }

    @Test func `begins anew, by looking, where what was sent is gone`() throws {
        let told = try Self.story([
            Self.answer(404), Self.opened, .broke("gone"), .waited, Self.answer(404),
            Self.answer(200),
        ])
        #expect(told.suffix(3) == ["GET \(Self.up)", Self.look, "wasThere"])
    }

    @Test func `is not begun anew for ever`() throws {
        var push = try Self.push()
        var step = push.begin()
        var count = 0
        while count < 200 {
            count += 1
            switch step {
            case .ask(let request):
                switch request.method {
                case .head: step = push.apply(Self.answer(404))
                case .post: step = push.apply(Self.opened)
                default: step = push.apply(Self.answer(404))
                }
            case .wait: step = push.apply(.waited)
            case .failed(let problem):
                #expect(problem.kind == .gaveUp)
                #expect(count < 40)
                return
            case .done: count = 200
            }
        }
        Issue.record("it never ends")
    }

    @Test(
        "has a lie found out",
        arguments: [
            [answer(200, ["Docker-Content-Digest": "\(Digest(of: [2]))"])],
            [answer(404), opened, took(40)],
            [answer(404), opened, .broke("gone"), .waited, took(90)],
            [
                answer(404), opened, took(39), took(79),
                answer(201, ["Docker-Content-Digest": "\(Digest(of: [2]))"]),
            ],
        ])
    func lies(events: [RegistryEvent]) throws { #expect(try Self.story(events).last == "lied") }

    @Test(
        "leaves TLS for nobody, and goes nowhere without an address",
        arguments: [
            ["Location": "http://a.example/up"], ["Location": "http://127.0.0.1/up"], [:],
            ["Location": "up"],
        ] as [Headers])
    func unsafe(headers: Headers) throws {
        #expect(try Self.story([Self.answer(404), Self.answer(202, headers)]).last == "unsafe")
    }

    @Test func `is had from another repository, or sent where that is not to be had`() throws {
        let mount = "POST /v2/team/web/blobs/uploads/?mount=D&from=team%2Fbase"
        #expect(
            try Self.story([Self.answer(404), Self.answer(201)], mountable: "team/base") == [
                Self.look, mount, "mounted(from: \"team/base\")",
            ])
        #expect(
            try Self.story([Self.answer(404), Self.opened], mountable: "team/base").last
                == "PATCH \(Self.up) 0..<40")
        #expect(
            try Self.story([Self.answer(404), Self.answer(403)], mountable: "team/base").last
                == Self.open)
    }

    @Test func `is sent where asking for another's does not succeed`() throws {
        for events in [
            [.admitted(forThis: true), .admitted(forThis: true), .admitted(forThis: true)],
            [.broke("it broke")], [Self.answer(503)],
        ] as [[RegistryEvent]] {
            let told = try Self.story([Self.answer(404)] + events, mountable: "team/base")
            #expect(told.last == Self.open)
        }
    }

    @Test func `asks how much has arrived before it goes on with a new pass`() throws {
        let told = try Self.story([
            Self.answer(404), Self.opened, Self.took(39), .admitted(forThis: true),
        ])
        #expect(told.last == "GET \(Self.up)?s=39")
    }

    @Test func `is not let in for ever`() throws {
        let turned = RegistryEvent.admitted(forThis: true)
        let told = try Self.story([turned, .admitted(forThis: false), turned, turned])
        #expect(told == [Self.look, Self.look, Self.look, Self.look, "denied"])
    }
}
