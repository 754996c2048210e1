import AWS
import ECR
import Support
import Synchronization
import Testing

/// A small server stands in ECR's place, because moto's scans are over at once, its repositories
/// are nobody else's, and its answers are never half of one.
@Suite("ECR's answers") struct ECRTests {
    /// Answers each operation with the next of its answers, and then for ever with the last.
    private static func server(_ answers: [String: [String]]) throws -> PlayedServer {
        let rest = Mutex(answers)
        return try PlayedServer { asked, peer in
            let operation = asked.headers["x-amz-target"]?.split(separator: ".").last ?? ""
            let answer = rest.withLock { rest in
                let own = rest[String(operation)] ?? []
                if own.count > 1 { rest[String(operation)]?.removeFirst() }
                return own.first ?? ""
            }
            peer.answer(
                answer.contains("__type") ? 400 : 200, "application/x-amz-json-1.1", answer)
        }
    }

    private static func ecr(
        _ server: PlayedServer, in world: PlayedWorld = PlayedWorld()
    ) throws -> ECR {
        let registry = try #require(ECRRegistry(account: "123456789012", region: "eu-west-1"))
        let environment = keys.merging(["AWS_ENDPOINT_URL": server.url]) { $1 }
        return ECR(registry, by: try world.client(environment))
    }

    private static func scan(_ status: String) -> String {
        "{\"imageScanStatus\":{\"status\":\"\(status)\"},\"imageScanFindings\":"
            + "{\"imageScanCompletedAt\":1.5e9,"
            + "\"findingSeverityCounts\":{\"CRITICAL\":1,\"UNTRIAGED\":2}}}"
    }

    private static let noScan = "{\"__type\":\"ScanNotFoundException\",\"message\":\"none\"}"

    @Test func `a scan is waited for until it has ended, less often each time`() throws {
        let world = PlayedWorld()
        let server = try Self.server([
            "DescribeImageScanFindings": [
                Self.noScan, Self.scan("PENDING"), Self.scan("IN_PROGRESS"),
                Self.scan("COMPLETE"),
            ]
        ])
        let verdict = try Self.ecr(server, in: world).verdict(
            of: ScanGate(failingOn: .critical), on: "sha256:0", in: "a", patience: 60)
        #expect(
            verdict
                == .fail(
                    problem: "the scan found 1 critical, 2 undefined; critical or worse does not "
                        + "pass", hint: "see the findings in ECR and build on what has them mended")
        )
        #expect(world.seen.waits.withLock { $0 } == [2_000, 4_000, 8_000])
    }

    @Test func `a scan that never begins does not pass`() throws {
        let server = try Self.server(["DescribeImageScanFindings": [Self.noScan]])
        let verdict = try Self.ecr(server).verdict(
            of: ScanGate(failingOn: .critical), on: "sha256:0", in: "a", patience: 0)
        #expect(
            verdict
                == .fail(
                    problem: "after 0 seconds, no scan has begun",
                    hint: "let the repository scan on push, or wait longer"))
    }

    @Test func `waiting for a scan can be stopped`() throws {
        let world = PlayedWorld()
        world.seen.goesOn.store(false, ordering: .relaxed)
        let server = try Self.server(["DescribeImageScanFindings": [Self.scan("PENDING")]])
        let ecr = try Self.ecr(server, in: world)
        let why = problem {
            _ = try ecr.verdict(
                of: ScanGate(failingOn: .critical), on: "sha256:0", in: "a", patience: 60)
        }
        #expect(why?.cause == .stopped)
    }

    @Test func `a repository that somebody else makes at the same moment is taken`() throws {
        let found = "{\"repositories\":[{\"repositoryName\":\"a\",\"createdAt\":1.5e9}]}"
        let server = try Self.server([
            "DescribeRepositories": ["{\"__type\":\"RepositoryNotFoundException\"}", found],
            "CreateRepository": ["{\"__type\":\"RepositoryAlreadyExistsException\"}"],
        ])
        let ensured = try Self.ecr(server).ensure("a", as: RepositoryWish(mutability: .mutable))
        #expect(!ensured.isNew)
        #expect(ensured.differences == ["its images are not scanned when they are pushed"])
    }

    @Test(
        "a login that is none is told, and not shown",
        arguments: [
            "", "{}", "{\"authorizationData\":[]}",
            "{\"authorizationData\":[{\"authorizationToken\":\"!\"}]}",
            "{\"authorizationData\":[{\"authorizationToken\":\"c2VjcmV0\"}]}",
        ])
    func login(answer: String) throws {
        let server = try Self.server(["GetAuthorizationToken": [answer]])
        let ecr = try Self.ecr(server)
        let why = try #require(problem { _ = try ecr.login() })
        #expect(server.asked.count == 1)
        #expect(why.problem == "ECR GetAuthorizationToken: the answer makes no sense")
    }

    @Test func `a tag that cannot be looked at is no new one`() throws {
        let answer =
            "{\"images\":[],\"failures\":[{\"imageId\":{\"imageTag\":\"1\"},"
            + "\"failureCode\":\"KmsError\"}]}"
        let server = try Self.server(["BatchGetImage": [answer]])
        let ecr = try Self.ecr(server)
        let why = try #require(problem { _ = try ecr.digests(of: ["1"], in: "a") })
        #expect(server.asked.count == 1)
        #expect(why.problem == "ECR BatchGetImage: KmsError for '1' of 'a'")
    }

    @Test func `many tags are asked for a hundred at a time`() throws {
        let server = try Self.server(["BatchGetImage": ["{\"images\":[],\"failures\":[]}"]])
        _ = try Self.ecr(server).digests(of: (0..<201).map { "t\($0)" }, in: "a")
        #expect(server.asked.count == 3)
    }
}
