import AWS
import ECR
import FoundationEssentials
import JSON
import Support
import Synchronization
import Testing

@Suite(
    "ECR, as moto's server plays it",
    .enabled(if: TestMoto.server != nil, "\(TestMoto.reason)"))
struct MotoTests {
    private let moto: TestMoto
    private let registry: ECRRegistry
    private let name = "slipway/\(UUID())".lowercased()

    init() throws {
        moto = try #require(TestMoto.server)
        registry = try #require(ECRRegistry(account: TestMoto.account, region: "eu-west-1"))
    }

    private func client(
        as key: TestMoto.Key? = nil, secret: String? = nil, more: [String: String] = [:],
        files: [String: String] = [:], profile: String? = nil
    ) throws -> AWSClient {
        let key = key ?? moto.able
        var world = PlayedWorld()
        world.files = files
        // Signatures are for the time that the server's clock shows.
        world.seen.now.store(Int(Date().timeIntervalSince1970), ordering: .relaxed)
        let environment = [
            "AWS_ENDPOINT_URL": moto.url, "AWS_ACCESS_KEY_ID": key.id,
            "AWS_SECRET_ACCESS_KEY": secret ?? key.secret, "AWS_EC2_METADATA_DISABLED": "true",
        ]
        return try world.client(environment.merging(more) { $1 }, profile: profile)
    }

    private func ecr(_ client: AWSClient? = nil) throws -> ECR {
        ECR(registry, by: try client ?? self.client())
    }

    /// Puts a manifest under a tag, by the API and not by pushing; its digest.
    private func put(_ manifest: String, as tag: String) throws -> String {
        let members: [JSON.Member] = [
            .init("repositoryName", .string(name)), .init("imageTag", .string(tag)),
            .init("imageManifest", .string(manifest)),
        ]
        let request = AWSRequest(
            question.service, "PutImage",
            .json(target: "AmazonEC2ContainerRegistry_V20150921", .object(members)))
        struct Put: Decodable {
            struct Image: Decodable { let imageId: ID }
            struct ID: Decodable { let imageDigest: String }
            let image: Image
        }
        let answer = try client().ask(request, in: registry.region)
        return try JSONDecoder().decode(Put.self, from: Data(answer)).image.imageId.imageDigest
    }

    private static func manifest(_ letter: Character) -> String {
        let digest = String(repeating: letter, count: 64)
        let type = "application/vnd.docker"
        return """
            {"schemaVersion":2,"mediaType":"\(type).distribution.manifest.v2+json","config":\
            {"mediaType":"\(type).container.image.v1+json","size":1,"digest":"sha256:\(digest)"},\
            "layers":[{"mediaType":"\(type).image.rootfs.diff.tar.gzip","size":1,\
            "digest":"sha256:\(digest)"}]}
            """
    }

    @Test func `a login is a name and a password, whatever its time of expiry`() throws {
        let login = try ecr().login()
        #expect(login.user == "AWS")
        #expect(login.password.reveal() == "\(TestMoto.account)-auth-token")
        #expect(login.endpoint == "https://\(TestMoto.account).dkr.ecr.eu-west-1.amazonaws.com")
        var dumped = ""
        dump(login, to: &dumped)
        #expect(!("\(login)" + dumped).contains("auth-token"))
    }

    @Test func `a repository that is missing is made as wished, and then left as it is`() throws {
        var wish = RepositoryWish(
            mutability: TagMutability(isMutable: false, exclusions: ["dev-*"]),
            encryption: .kms(key: nil),
            lifecyclePolicy: "{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":"
                + "\"untagged\",\"countType\":\"imageCountMoreThan\",\"countNumber\":5},"
                + "\"action\":{\"type\":\"expire\"}}]}")
        wish.labels = [("team", "web")]
        let made = try ecr().ensure(name, as: wish)
        #expect(made.isNew && made.differences == [])
        #expect(made.repository.name == name && made.repository.scansOnPush)
        #expect(made.repository.uri.hasSuffix(".amazonaws.com/\(name)"))
        #expect(made.repository.encryption != .aes256)
        let request = AWSRequest(
            question.service, "GetLifecyclePolicy",
            .json(
                target: "AmazonEC2ContainerRegistry_V20150921", ["repositoryName": .string(name)]))
        let policy = String(decoding: try client().ask(request, in: "eu-west-1"), as: UTF8.self)
        #expect(policy.contains("imageCountMoreThan"))

        let other = RepositoryWish(mutability: .mutable, scansOnPush: false)
        let found = try ecr().ensure(name, as: other)
        #expect(!found.isNew && found.repository.scansOnPush)
        #expect(found.differences.count == 3)
    }

    @Test func `a repository that nobody wishes made is told to be missing`() throws {
        let why = try #require(problem { _ = try ecr().ensure(name, as: nil) })
        #expect(
            why.problem == "there is no repository '\(name)' in the registry of account "
                + "\(TestMoto.account) in eu-west-1")
        #expect(try ecr().repository(name) == nil)
    }

    @Test func `tags are found with the digests that they are on`() throws {
        _ = try ecr().ensure(name, as: RepositoryWish())
        let one = try put(Self.manifest("a"), as: "1")
        let two = try put(Self.manifest("b"), as: "2")
        #expect(
            try ecr().digests(of: ["1", "2", "none"], in: name) == ["1": one, "2": two])
        let repository = try #require(try ecr().repository(name))
        #expect(TagDecision("1", for: one, found: one, in: repository) == .isThere)
        guard case .refused(let why, _) = TagDecision("1", for: two, found: one, in: repository)
        else {
            Issue.record("it is not refused")
            return
        }
        #expect(why.contains(one) && why.contains(two))
    }

    /// moto knows one finding, of severity HIGH, for every image.
    @Test func `a scan's findings open the gate or not`() throws {
        _ = try ecr().ensure(name, as: RepositoryWish())
        let digest = try put(Self.manifest("c"), as: "1")
        let scan = AWSRequest(
            question.service, "StartImageScan",
            .json(
                target: "AmazonEC2ContainerRegistry_V20150921",
                ["repositoryName": .string(name), "imageId": ["imageDigest": .string(digest)]]))
        _ = try client().ask(scan, in: "eu-west-1")
        let report = try ecr().scan(of: digest, in: name)
        #expect(
            report
                == ScanReport(
                    status: "COMPLETE", reason: "The scan was completed successfully.",
                    counts: [.high: 1]))
        let verdict = try ecr().verdict(
            of: ScanGate(failingOn: .critical), on: digest, in: name, patience: 1)
        #expect(verdict == .pass("1 high"))
        #expect(ScanGate(failingOn: .high).verdict(on: report) != verdict)
    }

    @Test func `who signs with a wrong secret is refused`() throws {
        let client = try client(secret: "\(moto.able.secret)x")
        let why = try #require(problem { _ = try ecr(client).login() })
        #expect(why.code == "SignatureDoesNotMatch" || why.code == "InvalidSignatureException")
        #expect(why.hint.contains("check that the secret belongs to the key AKIA"))
        #expect(!"\(why)".contains(moto.able.secret))
    }

    @Test func `who has a key that nobody knows, or may nothing, is refused`() throws {
        let unknown = try client(more: ["AWS_ACCESS_KEY_ID": "AKIANOBODYKNOWSTHIS1"])
        #expect(
            ["InvalidClientTokenId", "UnrecognizedClientException"].contains(
                problem { _ = try ecr(unknown).login() }?.code))
        let unable = try client(as: moto.unable)
        #expect(
            ["AccessDenied", "AccessDeniedException"].contains(
                problem { _ = try ecr(unable).login() }?.code))
    }

    @Test func `a role is taken on by a key, and asks with a session's token`() throws {
        let config = """
            [profile pusher]
            role_arn = \(TestMoto.role)
            source_profile = able
            region = eu-west-1
            [profile able]
            aws_access_key_id = \(moto.able.id)
            aws_secret_access_key = \(moto.able.secret)
            """
        let client = try client(files: ["/home/me/.aws/config": config], profile: "pusher")
        #expect(try ecr(client).login().user == "AWS")
    }
}
