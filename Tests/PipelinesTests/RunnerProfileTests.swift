import Pipelines
import Testing

@Suite("A runner") struct RunnerProfileTests {
    static let text = """
        name: process
        places: 4
        read-only: [/opt/swift]
        network: [none, outbound]
        blocked: [10.0.0.0/8, 192.168.1.5]
        limits: { time: 1h, memory: 2GiB }
        environment: { CI: "1" }
        """

    static func profile(_ text: String = text) throws -> RunnerProfile {
        try #require(RunnerProfile.read(Array(text.utf8)).profile)
    }

    @Test func `is read from its file`() throws {
        let profile = try Self.profile()
        #expect(profile.name == RunnerName("process"))
        #expect(profile.places == 4)
        #expect(profile.readOnly == ["/opt/swift"])
        #expect(profile.networks == [.none, .outbound])
        #expect(profile.blocked.map(\.description) == ["10.0.0.0/8", "192.168.1.5/32"])
        #expect(profile.limits.time == .seconds(3_600))
        #expect(profile.environment == ["CI": "1"])
    }

    @Test func `gives its first network to whoever does not ask, and no other than it allows`()
        throws
    {
        let profile = try Self.profile()
        #expect(try profile.network(asked: nil) == .none)
        #expect(try profile.network(asked: .outbound) == .outbound)
        let refusal = RunnerRefusal(
            "runner 'process' does not allow network 'host', only 'none' or 'outbound'; its "
                + "profile can say 'network: [none, host]'")
        #expect(throws: refusal) { try profile.network(asked: .host) }
    }

    @Test func `fills in its own limits, and is asked for no more than them`() throws {
        let profile = try Self.profile()
        let given = try profile.limits(
            asked: Limits(
                time: .seconds(60), memory: nil, processes: 7, cpu: nil, disk: nil, output: nil))
        #expect(given.time == .seconds(60))
        #expect(given.memory?.bytes == 2 << 30)
        #expect(given.processes == 7)
        let tooMuch = Limits(
            time: nil, memory: Size(bytes: 4 << 30, description: "4GiB"), processes: nil, cpu: nil,
            disk: nil, output: nil)
        let refusal = RunnerRefusal(
            "runner 'process' allows memory 2GiB at most, and 4GiB is asked")
        #expect(throws: refusal) { try profile.limits(asked: tooMuch) }
    }

    @Test func `of containers has an engine and images`() throws {
        let profile = try Self.profile(
            """
            name: docker
            kind: docker
            places: 2
            socket: /run/user/7/docker.sock
            image: debian:12
            images: [debian:*, "registry.example.com/**", "!**:latest"]
            pull: never
            """)
        let docker = try #require(profile.kind.docker)
        #expect(docker.socket == "/run/user/7/docker.sock")
        #expect(docker.pull == .never)
        let name = profile.name
        #expect(try docker.image(asked: nil, of: name) == "debian:12")
        #expect(try docker.image(asked: "debian:11", of: name) == "debian:11")
        #expect(
            try docker.image(asked: "registry.example.com/a/b:1", of: name)
                == "registry.example.com/a/b:1")
        for image in ["alpine:3", "registry.example.com/a:latest", "a/debian:12"] {
            let refusal = RunnerRefusal(
                "runner 'docker' does not allow image '\(image)', only 'debian:*', "
                    + "'registry.example.com/**' or '!**:latest'; its profile can say so under "
                    + "'images'")
            #expect(throws: refusal) { try docker.image(asked: image, of: name) }
        }
    }

    @Test func `of containers needs an image from somebody, and a whole name`() throws {
        let profile = try Self.profile("name: docker\nkind: docker\nplaces: 1")
        let docker = try #require(profile.kind.docker)
        #expect(docker.socket == "/var/run/docker.sock" && docker.pull == .missing)
        let none = RunnerRefusal(
            "runner 'docker' runs actions in containers and this one names no image; add "
                + "'image: debian:12' to the action, or a default to the runner's profile")
        #expect(throws: none) { try docker.image(asked: nil, of: profile.name) }
        for image in ["", "../a", "a//b", "a b", "-a", "a/../b", "a?b"] {
            #expect(throws: RunnerRefusal.self) {
                try docker.image(asked: image, of: profile.name)
            }
        }
    }

    @Test(
        "says what is wrong with its file",
        arguments: [
            ("", "the file is empty"),
            ("name: a", "'places' is missing"),
            ("name: a\nplaces: 0", "0 is too small"),
            ("name: a\nplaces: 1\nread-only: /", "'/' would show the whole machine"),
            ("name: a\nplaces: 1\nread-only: opt", "'opt' is no whole path of a folder"),
            ("name: a\nplaces: 1\nread-only: /a/../b", "'/a/../b' is no whole path of a folder"),
            ("name: a\nplaces: 1\nnetwork: all", "'all' is no network"),
            ("name: a\nplaces: 1\nblocked: 10.0/8", "'10.0/8' is no range of addresses"),
            ("name: a\nplaces: 1\nblocked: 10.0.0.0/33", "'10.0.0.0/33' is no range of addresses"),
            ("name: a\nplaces: 1\nblocked: 10.0.0.256", "'10.0.0.256' is no range of addresses"),
            ("name: a\nplaces: 1\nblocked: 10.0.0.010", "'10.0.0.010' is no range of addresses"),
            ("name: a\nplaces: 1\nblocked: 0.0.0.0/0", "'0.0.0.0/0' is every address"),
            ("name: a\nplaces: 1\nblocked: 'fd00::/8'", "'fd00::/8' is IPv6"),
            (
                "name: a\nplaces: 1\nblocked: 10.1.2.3/8",
                "'10.1.2.3/8' does not begin at its first address"
            ),
            ("name: a\nplaces: 1\nplace: 1", "unknown key 'place'"),
            ("name: a\nplaces: 1\nkind: pod", "'pod' is no kind"),
            ("name: a\nplaces: 1\nsocket: /s", "a runner of kind 'process' has no 'socket'"),
            ("name: a\nplaces: 1\nkind: docker\nsocket: s", "'s' is no path of a socket"),
            (
                "name: a\nplaces: 1\nkind: docker\nimage: a b",
                "'a b' is no name of an image: it has ' ' in it"
            ),
            ("name: a\nplaces: 1\nkind: docker\npull: often", "'often' is no policy"),
            (
                "name: process\nplaces: 1\nkind: docker",
                "'process' is the name of this machine's own sandbox"
            ),
        ])
    func mistakes(text: String, problem: String) {
        let reading = RunnerProfile.read(Array(text.utf8))
        #expect(reading.diagnostics.map(\.problem) == [problem])
        #expect(reading.profile == nil)
    }
}
