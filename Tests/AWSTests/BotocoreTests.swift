import AWS
import ECR
import FoundationEssentials
import Support
import Testing

/// What Slipway sends beside what botocore, which is AWS's own, would send at the same moment.
@Suite(
    "What is sent is what botocore sends",
    .enabled(if: TestMoto.server != nil, "\(TestMoto.reason)"))
struct BotocoreTests {
    /// Tells, for a request that was seen, the header that botocore's signer makes for it, and
    /// whether botocore's client would have asked in other words.
    private static let script = """
        import datetime, json, sys, urllib.parse
        import botocore.auth, botocore.session
        from botocore.awsrequest import AWSRequest, AWSResponse
        from botocore.credentials import Credentials
        seen = json.load(sys.stdin)
        now = datetime.datetime.strptime(seen["headers"]["x-amz-date"], "%Y%m%dT%H%M%SZ")
        botocore.auth.get_current_datetime = lambda remove_tzinfo=True: now
        who = (seen["key"], seen["secret"], seen.get("token"))
        client = botocore.session.Session().create_client(
            seen["service"], region_name="eu-west-1", endpoint_url=seen["url"],
            aws_access_key_id=who[0], aws_secret_access_key=who[1], aws_session_token=who[2])
        sent = []
        def capture(request, **_):
            sent.append(request)
            return AWSResponse(request.url, 500, {}, None)
        client.meta.events.register("before-send", capture)
        try:
            client._make_api_call(seen["operation"], seen["parameters"])
        except Exception:
            pass
        theirs = sent[0]
        def meaning(body):
            body = body.decode() if isinstance(body, bytes) else body
            return json.loads(body) if body.startswith("{") else urllib.parse.parse_qs(body)
        own = ("user-agent", "amz-sdk-invocation-id", "amz-sdk-request", "x-amz-user-agent",
               "authorization", "content-length", "x-amzn-query-mode")
        def value(name, value):
            return (value.decode() if isinstance(value, bytes) else value)
        wanted = {name.lower(): value(name, text) for name, text in theirs.headers.items()
                  if name.lower() not in own}
        problems = [f"{name}: {seen['headers'].get(name)!r} and not {text!r}"
                    for name, text in wanted.items() if seen["headers"].get(name) != text]
        if meaning(seen["body"]) != meaning(theirs.body):
            problems.append(f"{seen['body']} and not {theirs.body!r}")
        ours = {name: seen["headers"][name] for name in (
            "content-type", "x-amz-target", "x-amz-security-token") if name in seen["headers"]}
        request = AWSRequest("POST", seen["url"] + "/", headers=ours, data=seen["body"])
        botocore.auth.SigV4Auth(Credentials(*who), seen["service"], "eu-west-1").add_auth(request)
        print(json.dumps({"problems": problems,
                          "headers": {k.lower(): v for k, v in request.headers.items()}}))
        """

    private struct Seen: Encodable {
        let service: String
        let operation: String
        let url: String
        let key: String
        let secret: String
        let token: String?
        let headers: [String: String]
        let body: String
        let parameters: [String: Value]
    }

    /// As much of JSON as parameters need.
    enum Value: Encodable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
        ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
    {
        case text(String), number(Int), truth(Bool)
        case list([Value]), table([String: Value])

        init(stringLiteral value: String) { self = .text(value) }
        init(integerLiteral value: Int) { self = .number(value) }
        init(booleanLiteral value: Bool) { self = .truth(value) }
        init(arrayLiteral elements: Value...) { self = .list(elements) }
        init(dictionaryLiteral elements: (String, Value)...) {
            self = .table(elements.reduce(into: [:]) { $0[$1.0] = $1.1 })
        }

        func encode(to encoder: any Encoder) throws {
            var place = encoder.singleValueContainer()
            switch self {
            case .text(let value): try place.encode(value)
            case .number(let value): try place.encode(value)
            case .truth(let value): try place.encode(value)
            case .list(let value): try place.encode(value)
            case .table(let value): try place.encode(value)
            }
        }
    }

    private struct Told: Decodable {
        let problems: [String]
        let headers: [String: String]
    }

    private func compare(
        _ operation: String, of service: String, _ parameters: [String: Value],
        token: String?, ask: (PlayedServer) throws -> Void
    ) throws {
        let moto = try #require(TestMoto.server)
        let server = try PlayedServer { _, peer in
            peer.answer(400, text: "{\"__type\":\"RepositoryNotFoundException\"}")
        }
        try? ask(server)
        let asked = try #require(server.asked.last)
        let seen = Seen(
            service: service, operation: operation, url: server.url, key: key, secret: secret,
            token: token, headers: asked.headers, body: asked.body, parameters: parameters)
        let input = String(decoding: try JSONEncoder().encode(seen), as: UTF8.self)
        let result = try Program.run([moto.python, "-c", Self.script], input: input)
        try #require(result.code == 0, "\(result.errors)")
        let told = try JSONDecoder().decode(Told.self, from: Data(result.output.utf8))
        #expect(told.problems == [])
        for (name, value) in told.headers {
            #expect(asked.headers[name] == value, "\(operation): \(name)")
        }
        #expect(told.headers["authorization"]?.contains("x-amz-date") == true)
    }

    @Test("each question to ECR, header by header", arguments: [nil, token])
    func ecr(token: String?) throws {
        let registry = try #require(ECRRegistry(account: "123456789012", region: "eu-west-1"))
        let own: [String: Value] = ["registryId": "123456789012", "repositoryName": "a/b"]
        func compare(
            _ operation: String, _ parameters: [String: Value], _ ask: (ECR) throws -> Void
        ) throws {
            try self.compare(operation, of: "ecr", parameters, token: token) { server in
                var environment = keys.merging(["AWS_ENDPOINT_URL": server.url]) { $1 }
                environment["AWS_SESSION_TOKEN"] = token
                try ask(ECR(registry, by: PlayedWorld().client(environment)))
            }
        }
        try compare("GetAuthorizationToken", [:]) { _ = try $0.login() }
        try compare(
            "DescribeRepositories", ["registryId": "123456789012", "repositoryNames": ["a/b"]]
        ) { _ = try $0.repository("a/b") }
        let wished: [String: Value] = [
            "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": [["filterType": "WILDCARD", "filter": "d-*"]],
            "imageScanningConfiguration": ["scanOnPush": true],
            "encryptionConfiguration": ["encryptionType": "KMS", "kmsKey": "alias/a"],
            "tags": [["Key": "team", "Value": "web"]],
        ]
        try compare("CreateRepository", own.merging(wished) { $1 }) {
            var wish = RepositoryWish(
                mutability: TagMutability(isMutable: false, exclusions: ["d-*"]),
                encryption: .kms(key: "alias/a"))
            wish.labels = [("team", "web")]
            _ = try $0.ensure("a/b", as: wish)
        }
        try compare("BatchGetImage", own.merging(["imageIds": [["imageTag": "v1 ü"]]]) { $1 }) {
            _ = try $0.digests(of: ["v1 ü"], in: "a/b")
        }
        try compare(
            "DescribeImageScanFindings",
            own.merging(["imageId": ["imageDigest": "sha256:0"], "maxResults": 1]) { $1 }
        ) { _ = try $0.scan(of: "sha256:0", in: "a/b") }
    }

    @Test func `taking on a role, header by header`() throws {
        let role = "arn:aws:iam::123456789012:role/a+b"
        let parameters: [String: Value] = [
            "RoleArn": .text(role), "RoleSessionName": "a=b,c", "ExternalId": "x y/é",
            "DurationSeconds": 900,
        ]
        try compare("AssumeRole", of: "sts", parameters, token: nil) { server in
            var world = PlayedWorld()
            world.files["/home/me/.aws/config"] = """
                [profile a]
                region = eu-west-1
                role_arn = \(role)
                source_profile = b
                role_session_name = a=b,c
                external_id = x y/é
                duration_seconds = 900
                [profile b]
                aws_access_key_id = \(key)
                aws_secret_access_key = \(secret)
                """
            let client = try world.client(["AWS_ENDPOINT_URL": server.url], profile: "a")
            _ = try client.ask(question, in: "eu-west-1")
        }
    }
}
