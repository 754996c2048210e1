import AWS
import Support
import Synchronization
import Testing

/// A small server stands in AWS's place, because no other can be made to throttle, to have another
/// clock, or to let credentials expire.
@Suite("Asking AWS") struct AWSClientTests {
    /// Answers each request with the next of these, and then for ever with the last.
    private static func server(_ answers: [(Int, String)], date: String? = nil) throws
        -> PlayedServer
    {
        let rest = Mutex(answers)
        return try PlayedServer { _, peer in
            let answer = rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            peer.answer(
                answer.0, "application/x-amz-json-1.1", headers: date.map { ["Date": $0] } ?? [:],
                answer.1)
        }
    }

    private static func environment(_ server: PlayedServer) -> [String: String] {
        keys.merging(["AWS_ENDPOINT_URL": server.url, "AWS_SESSION_TOKEN": token]) { $1 }
    }

    private static func complaint(_ code: String) -> String {
        "{\"__type\":\"com.amazonaws.ecr#\(code)\",\"message\":\"why\"}"
    }

    private static let fine = (200, "{\"fine\":true}")

    @Test(
        "what passes is asked for again, after waits that grow, three times at most",
        arguments: [
            (400, complaint("ThrottlingException")), (400, complaint("TooManyRequestsException")),
            (429, "{}"), (500, "<html>"), (503, ""), (502, "{"), (504, "{}"),
        ])
    func again(status: Int, body: String) throws {
        let world = PlayedWorld()
        let server = try Self.server([(status, body), (status, body), Self.fine])
        let client = try world.client(Self.environment(server))
        #expect(try client.ask(question, in: "eu-west-1") == Array(Self.fine.1.utf8))
        #expect(world.seen.waits.withLock { $0 } == [500, 1_000])

        let failing = try Self.server([(status, body)])
        let other = try world.client(Self.environment(failing))
        let why = problem { _ = try other.ask(question, in: "eu-west-1") }
        #expect(try #require(why).problem.hasSuffix("(asked 3 times)"))
        #expect(failing.asked.count == 3)
    }

    @Test(
        "what stays as it is is asked for once",
        arguments: [
            "AccessDeniedException", "RepositoryNotFoundException", "SignatureDoesNotMatch",
        ])
    func once(code: String) throws {
        let server = try Self.server([(400, Self.complaint(code))])
        let client = try PlayedWorld().client(Self.environment(server))
        let why = try #require(problem { _ = try client.ask(question, in: "eu-west-1") })
        #expect(why.cause == .refused(status: 400, code: code))
        #expect(why.problem == "ECR DescribeRepositories at \(server.url): \(code): why")
        #expect(server.asked.count == 1)
    }

    @Test func `a connection that breaks is made again`() throws {
        let isFirst = Atomic(true)
        let server = try PlayedServer { _, peer in
            if isFirst.exchange(false, ordering: .relaxed) { return }
            peer.answer(json: "{}")
        }
        let client = try PlayedWorld().client(Self.environment(server))
        #expect(try client.ask(question, in: "eu-west-1") == Array("{}".utf8))
    }

    @Test func `whoever stops while it waits is not asked again`() throws {
        let world = PlayedWorld()
        world.seen.goesOn.store(false, ordering: .relaxed)
        let server = try Self.server([(503, "")])
        let client = try world.client(Self.environment(server))
        #expect(problem { _ = try client.ask(question, in: "eu-west-1") }?.cause == .stopped)
        #expect(server.asked.count == 1)
    }

    @Test func `AWS_MAX_ATTEMPTS says how often`() throws {
        let server = try Self.server([(503, "")])
        let environment = Self.environment(server).merging(["AWS_MAX_ATTEMPTS": "1"]) { $1 }
        let client = try PlayedWorld().client(environment)
        #expect(problem { _ = try client.ask(question, in: "eu-west-1") } != nil)
        #expect(server.asked.count == 1)
    }

    /// The played clock shows 2026-11-18T11:06:40Z.
    @Test(
        "a wrong clock is corrected by the service's, at once and for later",
        arguments: ["InvalidSignatureException", "RequestTimeTooSkewed", "SignatureDoesNotMatch"])
    func clock(code: String) throws {
        let world = PlayedWorld()
        let server = try Self.server(
            [(403, Self.complaint(code)), Self.fine], date: "Wed, 18 Nov 2026 13:06:40 GMT")
        let client = try world.client(Self.environment(server))
        _ = try client.ask(question, in: "eu-west-1")
        _ = try client.ask(question, in: "eu-west-1")
        #expect(
            server.asked.map { $0.headers["x-amz-date"] } == [
                "20261118T110640Z", "20261118T130640Z", "20261118T130640Z",
            ])
        #expect(world.seen.waits.withLock { $0 } == [])
    }

    @Test func `a clock that is refused once it is corrected is given up`() throws {
        let server = try Self.server(
            [(403, Self.complaint("RequestTimeTooSkewed"))], date: "Wed, 18 Nov 2026 13:06:40 GMT")
        let client = try PlayedWorld().client(Self.environment(server))
        let why = try #require(problem { _ = try client.ask(question, in: "eu-west-1") })
        #expect(why.hint == "set this machine's clock")
        #expect(server.asked.count == 2)
    }

    @Test(arguments: ["ExpiredToken", "ExpiredTokenException"])
    func `credentials that have expired and cannot be renewed are told`(code: String) throws {
        let server = try Self.server([(400, Self.complaint(code))])
        let client = try PlayedWorld().client(Self.environment(server))
        let why = try #require(problem { _ = try client.ask(question, in: "eu-west-1") })
        #expect(why.cause == .expired)
        #expect(why.problem.hasSuffix("; the key AKID…6789 has expired, and no newer is to be had"))
        #expect(server.asked.count == 1)
    }

    @Test func `credentials that have expired are renewed once`() throws {
        let count = Atomic(0)
        let giver = try PlayedServer { _, peer in
            let number = count.add(1, ordering: .relaxed).newValue
            peer.answer(
                json: "{\"AccessKeyId\":\"K\(number)\",\"SecretAccessKey\":\"\(secret)\","
                    + "\"Token\":\"t\",\"Expiration\":\"2026-11-18T17:06:40Z\"}")
        }
        let server = try Self.server([(400, Self.complaint("ExpiredTokenException")), Self.fine])
        let client = try PlayedWorld().client([
            "AWS_ENDPOINT_URL": server.url, "AWS_CONTAINER_CREDENTIALS_FULL_URI": giver.url,
        ])
        _ = try client.ask(question, in: "eu-west-1")
        let names = server.asked.map {
            $0.headers["authorization"]?.split(separator: "/").first.map(String.init)
        }
        #expect(
            names == ["AWS4-HMAC-SHA256 Credential=K1", "AWS4-HMAC-SHA256 Credential=K2"])
    }

    @Test func `no error says a secret, even where the service says it again`() throws {
        let told = "{\"message\":\"\(secret) and \(token)\\nThe Canonical String: \(token)\"}"
        let server = try Self.server([(403, told)])
        let client = try PlayedWorld().client(Self.environment(server))
        let why = try #require(problem { _ = try client.ask(question, in: "eu-west-1") })
        #expect(why.problem.hasSuffix(": 403: *** and ***"))
        #expect(server.asked.count == 1)
        for text in ["\(why)", String(reflecting: why)] {
            #expect(!text.contains(secret) && !text.contains(token) && !text.contains("Canonical"))
        }
    }

    @Test(
        "an answer in any of AWS's ways to complain is understood",
        arguments: [
            "{\"__type\":\"Oops\",\"Message\":\"why\"}", "{\"code\":\"Oops\",\"message\":\"why\"}",
            "{\"__type\":\"a.b#Oops:http://c\",\"message\":\"why\"}",
            "<ErrorResponse xmlns='u'><Error><Type>Sender</Type><Code>Oops</Code>"
                + "<Message>why</Message></Error><RequestId>1</RequestId></ErrorResponse>",
            "<Response><Errors><Error><Code>Oops</Code><Message>why</Message></Error></Errors>"
                + "</Response>",
        ])
    func complaints(body: String) throws {
        let server = try Self.server([(400, body)])
        let client = try PlayedWorld().client(Self.environment(server))
        let why = try #require(problem { _ = try client.ask(question, in: "eu-west-1") })
        #expect(why.problem.hasSuffix(": Oops: why"))
        #expect(why.code == "Oops")
        #expect(server.asked.count == 1)
    }

    @Test(
        "XML that declares a type, or is none, is not read",
        arguments: [
            "<!DOCTYPE a [<!ENTITY b 'Oops'>]><Error><Code>&b;</Code></Error>",
            "<Error><Code>Oops</Code>", String(repeating: "<a>", count: 20),
        ])
    func hostile(body: String) throws {
        let server = try Self.server([(400, body)])
        let client = try PlayedWorld().client(Self.environment(server))
        let why = try #require(problem { _ = try client.ask(question, in: "eu-west-1") })
        #expect(why.problem.hasSuffix(": 400: it does not say why"))
        #expect(server.asked.count == 1)
    }
}
