import AWS
import Glibc
import Support
import Synchronization
import Testing

/// Small servers stand in the place of what ECS, EKS and EC2 have beside a machine.
@Suite("The credentials of a machine") struct MachineCredentialsTests {
    private static let given =
        "{\"Code\":\"Success\",\"AccessKeyId\":\"\(key)\",\"SecretAccessKey\":\"\(secret)\","
        + "\"Token\":\"\(token)\",\"Expiration\":\"2026-11-18T17:06:40Z\"}"

    /// Where a service of AWS is, which shows who has asked.
    private static func aws() throws -> PlayedServer {
        try PlayedServer { _, peer in peer.answer(json: "{}") }
    }

    private static let instance: PlayedServer.Play = { asked, peer in
        let isKnown = asked.headers["x-aws-ec2-metadata-token"] == "T1"
        switch (asked.place, isKnown) {
        case ("PUT /latest/api/token", _): peer.answer(text: "T1")
        case ("GET /latest/meta-data/iam/security-credentials/", true): peer.answer(text: "my role")
        case ("GET /latest/meta-data/iam/security-credentials/my-role", true):
            peer.answer(json: given)
        default: peer.answer(401, text: "")
        }
    }

    private static func ask(
        _ environment: [String: String], at server: PlayedServer, files: [String: String] = [:],
        in world: PlayedWorld = PlayedWorld()
    ) throws {
        var world = world
        world.files = files
        let environment = environment.merging(["AWS_ENDPOINT_URL_ECR": server.url]) { $1 }
        _ = try world.client(environment).ask(question, in: "eu-west-1")
    }

    private static func signer(_ server: PlayedServer) -> String? {
        server.asked.first?.headers["authorization"]?.split(separator: "/").first.map(String.init)
    }

    private static let signed = "AWS4-HMAC-SHA256 Credential=\(key)"

    @Test(
        "a container's are had with the token that is beside it",
        arguments: [
            (["AWS_CONTAINER_AUTHORIZATION_TOKEN": "a b"], "a b"),
            (["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token"], "from a file"),
            (
                [
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a b",
                ], "from a file"
            ),
            ([:], nil),
        ])
    func container(more: [String: String], proof: String?) throws {
        let giver = try PlayedServer(["GET /v2/c": Self.given])
        let server = try Self.aws()
        let environment = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(giver.url)/v2/c"]
        try Self.ask(
            environment.merging(more) { $1 }, at: server, files: ["/token": "from a file\n"])
        #expect(giver.asked.map { $0.headers["authorization"] } == [proof])
        #expect(Self.signer(server) == Self.signed)
        #expect(server.asked.first?.headers["x-amz-security-token"] == token)
    }

    @Test func `a container's service that fails is asked three times and then told`() throws {
        let giver = try PlayedServer { _, peer in peer.answer(500, text: secret) }
        let world = PlayedWorld()
        let why = try #require(
            problem {
                try Self.ask(
                    ["AWS_CONTAINER_CREDENTIALS_FULL_URI": giver.url], at: Self.aws(), in: world)
            })
        #expect(giver.asked.count == 3)
        #expect(why.problem.contains("5. the container: GET at \(giver.url) is answered 500"))
        #expect(!"\(why)".contains(secret))
        #expect(world.seen.waits.withLock { $0 } == [1_000, 1_000])
    }

    @Test(
        "what is no credentials is told, and is in no message",
        arguments: ["", "{}", "[\"\(secret)\"]", "{\"SecretAccessKey\":\"\(secret)\"}"])
    func unreadable(body: String) throws {
        let giver = try PlayedServer { _, peer in peer.answer(json: body) }
        let why = try #require(
            problem {
                try Self.ask(["AWS_CONTAINER_CREDENTIALS_FULL_URI": giver.url], at: Self.aws())
            })
        #expect(why.cause == .unreadable && !"\(why)".contains(secret))
    }

    @Test func `an instance's are had by a token that is asked for first`() throws {
        let giver = try PlayedServer { asked, peer in
            if asked.place == "GET /latest/meta-data/iam/security-credentials/" {
                peer.answer(text: "my-role")
            } else {
                Self.instance(asked, peer)
            }
        }
        let server = try Self.aws()
        try Self.ask(["AWS_EC2_METADATA_SERVICE_ENDPOINT": "\(giver.url)/"], at: server)
        #expect(
            giver.asked.map(\.line) == [
                "PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/",
                "GET /latest/meta-data/iam/security-credentials/my-role",
            ])
        #expect(giver.asked.map { $0.headers["x-aws-ec2-metadata-token"] } == [nil, "T1", "T1"])
        #expect(
            giver.asked.first?.headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
        #expect(Self.signer(server) == Self.signed)
    }

    @Test func `an instance that gives no token is not asked in the older way`() throws {
        let giver = try PlayedServer { _, peer in peer.answer(404, text: "") }
        let why = try #require(
            problem {
                try Self.ask(["AWS_EC2_METADATA_SERVICE_ENDPOINT": giver.url], at: Self.aws())
            })
        #expect(giver.asked.map(\.line) == ["PUT /latest/api/token"])
        #expect(why.cause == .credentials)
        #expect(
            why.problem == """
                no credentials for AWS were found; looked at, in this order: \
                1. the environment: AWS_ACCESS_KEY_ID is not set; \
                2. the profile 'default': it names no role to take on; \
                3. a web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set; \
                4. the profile 'default': it is neither in '/home/me/.aws/config' and \
                '/home/me/.aws/credentials'; \
                5. the container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set; \
                6. the EC2 instance: the metadata service answers 404 for a token
                """)
    }

    @Test func `what leads elsewhere in plain HTTP is not asked`() throws {
        let why = try #require(
            problem {
                try Self.ask(
                    ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://10.0.0.1"], at: Self.aws())
            })
        #expect(why.problem.contains("the address is refused: 10.0.0.1 is another machine's"))
    }

    @Test func `credentials are asked for anew shortly before they expire, and not sooner`() throws
    {
        let giver = try PlayedServer { _, peer in peer.answer(json: Self.given) }
        let server = try Self.aws()
        let world = PlayedWorld()
        let client = try world.client([
            "AWS_ENDPOINT_URL_ECR": server.url, "AWS_CONTAINER_CREDENTIALS_FULL_URI": giver.url,
        ])
        let expiry = 1_795_000_000 + 6 * 3_600
        for (time, count) in [(expiry - 20_000, 1), (expiry - 301, 1), (expiry - 300, 2)] {
            world.seen.now.store(time, ordering: .relaxed)
            _ = try client.ask(question, in: "eu-west-1")
            #expect(giver.asked.count == count)
        }
    }

    /// Not on the machine's own network: the address is that of a namespace of this test's own,
    /// which only root can make for one thread.
    @Test(
        .enabled(
            if: getuid() == 0,
            "only root can make a network for a thread; others ask an address of their own"))
    func `an instance is asked at EC2's own address`() throws {
        let script = """
            import http.server, os
            class Handler(http.server.BaseHTTPRequestHandler):
                def answer(self, text):
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text.encode())
                def do_PUT(self): self.answer("T1")
                def do_GET(self):
                    self.answer('\(Self.given)' if self.path.endswith("/r") else "r")
                def log_message(self, *words): pass
            server = http.server.HTTPServer(("169.254.169.254", 80), Handler)
            server.timeout = 20
            if os.fork(): os._exit(0)
            for _ in range(3): server.handle_request()
            """
        let asked = try Beside<AWSProblem?> {
            guard Self.leaveNetwork() else { throw TestSocket.Failed(code: errno) }
            for words in ["link set lo up", "addr add 169.254.169.254/32 dev lo"] {
                _ = try Program.run(
                    ["/usr/sbin/ip"] + words.split(separator: " ").map(String.init))
            }
            let started = try Program.run(["/usr/bin/env", "python3", "-c", script])
            #expect(started.code == 0, "\(started.errors)")
            // The service itself is out of reach here, and is not asked without credentials.
            return problem {
                _ = try PlayedWorld().client(["AWS_ENDPOINT_URL": "http://127.0.0.1:1"])
                    .ask(question, in: "eu-west-1")
            }
        }
        let why = try #require(try asked.result() ?? nil)
        #expect(why.cause == .unreachable && why.problem.hasPrefix("ECR DescribeRepositories at "))
    }

    /// Puts this thread alone, and what it starts, into a network of its own. Swift does not know
    /// `unshare`, which only Linux has.
    private static func leaveNetwork() -> Bool {
        typealias Unshare = @convention(c) (Int32) -> Int32
        guard let function = unsafe dlsym(nil, "unshare") else { return false }
        let newNetwork: Int32 = 0x4000_0000
        return unsafe unsafeBitCast(function, to: Unshare.self)(newNetwork) == 0
    }
}
