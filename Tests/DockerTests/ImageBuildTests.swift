import Docker
import FoundationEssentials
import Grpc
import Testing

@Suite("A build that is asked for") struct ImageBuildTests {
    private let name = BuildName(house: "/h", owner: "/h/a", number: 36)

    private func value(_ key: String, of build: ImageBuild) -> String? {
        build.query(named: name, session: "s").first { $0.0 == key }?.1
    }

    @Test func `is BuildKit's, without a network and with a name of ours alone`() {
        let query = ImageBuild().query(named: name, session: "s")
        #expect(
            query.map { "\($0.0)=\($0.1)" } == [
                "version=2", "t=\(name)", "dockerfile=Dockerfile", "rm=1", "forcerm=1",
                "networkmode=none", "session=s", "remote=client-session",
            ])
    }

    @Test func `says all that was asked for, in one order`() {
        var build = ImageBuild()
        build.dockerfile = "docker/web"
        build.target = "test"
        build.arguments = ["B": "2", "A": "1\"", "C": ""]
        build.labels = ["org.x": "y"]
        build.platform = "linux/amd64"
        build.cacheFrom = ["r.example/a:1", "r.example/b"]
        build.cacheKeeping = .inline
        build.network = .bridge
        build.time = 1_700_000_000
        #expect(value("dockerfile", of: build) == "docker/web")
        #expect(value("target", of: build) == "test")
        #expect(
            value("buildargs", of: build)
                == "{\"A\":\"1\\\"\",\"B\":\"2\",\"BUILDKIT_INLINE_CACHE\":\"1\",\"C\":\"\","
                + "\"SOURCE_DATE_EPOCH\":\"1700000000\"}")
        #expect(value("labels", of: build) == "{\"org.x\":\"y\"}")
        #expect(value("platform", of: build) == "linux/amd64")
        #expect(value("cachefrom", of: build) == "[\"r.example/a:1\",\"r.example/b\"]")
        #expect(value("networkmode", of: build) == "default")
    }

    @Test func `lets what was written stand before what is ours`() {
        var build = ImageBuild()
        build.time = 5
        build.arguments = ["SOURCE_DATE_EPOCH": "0"]
        #expect(value("buildargs", of: build) == "{\"SOURCE_DATE_EPOCH\":\"0\"}")
    }

    @Test(
        "is refused where a text cannot be right",
        arguments: [
            ("", "linux/amd64", "A"), ("../Dockerfile", "linux/amd64", "A"),
            ("/etc/passwd", "linux/amd64", "A"), ("a/../../b", "linux/amd64", "A"),
            ("Dockerfile", "amd64", "A"), ("Dockerfile", "linux/amd64,linux/arm64", "A"),
            ("Dockerfile", "linux//v7", "A"), ("Dockerfile", "linux/amd64", ""),
            ("Dockerfile", "linux/amd64", "A=B"), ("Dockerfile", "linux/amd64", "A B"),
        ])
    func unfit(dockerfile: String, platform: String, argument: String) {
        var build = ImageBuild()
        build.dockerfile = dockerfile
        build.platform = platform
        build.arguments = [argument: ""]
        #expect(throws: BuildProblem.self) { try build.check() }
    }

    @Test func `has a name that tells its owner from others, in letters that a name may have`() {
        #expect(BuildName.isName(name.description, of: "/h/a"))
        #expect(!BuildName.isName(name.description, of: "/h/b"))
        #expect(name.description.hasPrefix(BuildName.pattern(house: "/h").dropLast()))
        #expect(name.description.hasSuffix("-10"))
        #expect(
            BuildName(house: "/h", owner: "/h/a").description
                != BuildName(house: "/h", owner: "/h/a").description)
    }
}

@Suite("An Engine that is to build") struct BuildAbilityTests {
    private func problem(_ text: String) throws -> String? {
        let version = try JSONDecoder().decode(EngineVersion.self, from: Data(text.utf8))
        return BuildAbility.problem(with: version)?.description
    }

    @Test(
        "can where it speaks the version of BuildKit's interface that we do",
        arguments: ["1.41", "1.100", "2.0"])
    func able(api: String) throws {
        #expect(
            try problem("{\"Version\":\"x\",\"ApiVersion\":\"\(api)\",\"Os\":\"linux\"}") == nil)
    }

    @Test(
        "cannot otherwise, and it is said why",
        arguments: [
            (
                "\"ApiVersion\":\"1.38\",\"Os\":\"linux\"",
                "the Docker Engine x is too old to build images with BuildKit as it is asked here; "
                    + "use version 20.10 or a newer one: apt-get install docker.io"
            ),
            (
                "\"ApiVersion\":\"1.9\",\"Os\":\"linux\"",
                "the Docker Engine x is too old to build images with BuildKit as it is asked here; "
                    + "use version 20.10 or a newer one: apt-get install docker.io"
            ),
            (
                "\"ApiVersion\":\"1.41\",\"Os\":\"windows\"",
                "the Docker Engine builds images for 'windows' without BuildKit; use a Docker "
                    + "Engine on Linux"
            ),
            (
                "\"ApiVersion\":\"1.41\",\"Os\":\"linux\","
                    + "\"Components\":[{\"Name\":\"Podman Engine\"}]",
                "the Podman Engine has no BuildKit; build with buildah, or use a Docker Engine"
            ),
        ])
    func unable(members: String, words: String) throws {
        #expect(try problem("{\"Version\":\"x\",\(members)}") == words)
    }
}

@Suite("What a build may ask") struct SessionServicesTests {
    private let services: SessionServices

    init() throws {
        services = try SessionServices(
            secrets: ["token": Array("opensesame".utf8)],
            logins: [
                "docker.io": .init(user: "ada", password: "hub"),
                "r.example:5000": .init(user: "bob", password: "own"),
            ])
    }

    private func ask(_ path: String, _ text: String) -> GrpcAnswer {
        services.answer(path, Message.text(1, text))
    }

    @Test func `is a secret by its id, and no other`() {
        let path = "/moby.buildkit.secrets.v1.Secrets/GetSecret"
        #expect(ask(path, "token") == .message(Message.text(1, "opensesame")))
        #expect(ask(path, "other") == .refused(.notFound, "no build secret is called 'other'"))
    }

    @Test(
        "is the login of a registry, and nothing for one that has none",
        arguments: [
            ("registry-1.docker.io", "ada", "hub"), ("r.example:5000", "bob", "own"),
            ("r.example", "", ""),
        ])
    func logins(host: String, user: String, password: String) {
        let expected = user.isEmpty ? [] : Message.text(1, user) + Message.text(2, password)
        #expect(ask("/moby.filesync.v1.Auth/Credentials", host) == .message(expected))
    }

    @Test(
        "is nothing else",
        arguments: ["/moby.filesync.v1.Auth/FetchToken", "/moby.filesync.v1.FileSync/DiffCopy"])
    func others(path: String) {
        #expect(
            ask(path, "token") == .refused(.unimplemented, "'\(path)' is not answered here"))
    }

    @Test func `is refused where it cannot be read`() {
        let answer = services.answer("/moby.buildkit.secrets.v1.Secrets/GetSecret", [0x0A, 9])
        #expect(answer == .refused(.invalidArgument, "the question cannot be read"))
    }

    @Test func `shows itself in no text`() {
        var dumped = ""
        dump(services, to: &dumped)
        let shown = "\(services) \(String(reflecting: services)) \(dumped)"
        #expect(!shown.contains("opensesame") && !shown.contains("hub") && !shown.contains("own"))
    }

    @Test func `is no secret that is too long for BuildKit`() {
        let long = [UInt8](repeating: 0, count: SessionServices.longestSecret + 1)
        #expect(throws: BuildProblem.self) { try SessionServices(secrets: ["long": long]) }
    }
}
