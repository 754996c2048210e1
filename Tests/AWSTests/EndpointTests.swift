import AWS
import ECR
import Testing

@Suite("Where AWS is asked") struct EndpointTests {
    private static let ecr = AWSService(name: "ecr", host: "api.ecr", word: "ECR")

    private static func endpoint(
        _ environment: [String: String] = [:], config: String = "", region: String = "eu-west-1"
    ) throws -> String {
        var world = PlayedWorld()
        world.files["/home/me/.aws/config"] = config
        return try world.settings(environment).endpoint(of: ecr, in: region)
    }

    @Test(
        "each part of AWS's world has its own names",
        arguments: [
            ("eu-west-1", "amazonaws.com"), ("us-gov-west-1", "amazonaws.com"),
            ("cn-north-1", "amazonaws.com.cn"), ("eusc-de-east-1", "amazonaws.eu"),
            ("us-iso-east-1", "c2s.ic.gov"), ("us-isob-east-1", "sc2s.sgov.gov"),
        ])
    func partitions(region: String, suffix: String) throws {
        #expect(try Self.endpoint(region: region) == "https://api.ecr.\(region).\(suffix)")
        let host = "123456789012.dkr.ecr.\(region).\(suffix)"
        guard case .registry(let registry) = ECRHost(host) else {
            Issue.record("\(host) is none")
            return
        }
        #expect(registry.account == "123456789012" && registry.region == region)
    }

    @Test(
        "what is put in its place is taken in botocore's order",
        arguments: [
            (["AWS_ENDPOINT_URL_ECR": "https://a/", "AWS_ENDPOINT_URL": "https://b"], "https://a"),
            (["AWS_ENDPOINT_URL": "https://b"], "https://b"), ([:], "https://c"),
            (["AWS_PROFILE": "other"], "https://d"),
            (
                ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": "https://b"],
                "https://api.ecr.eu-west-1.amazonaws.com"
            ),
            (
                [
                    "AWS_USE_FIPS_ENDPOINT": "true", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
                ], "https://api.ecr-fips.eu-west-1.amazonaws.com"
            ),
            (["AWS_ENDPOINT_URL": "http://127.0.0.1:5000"], "http://127.0.0.1:5000"),
        ])
    func replaced(environment: [String: String], url: String) throws {
        let config = """
            [default]
            endpoint_url = https://wrong
            services = mine
            [services mine]
            ecr =
              endpoint_url = https://c
            [profile other]
            endpoint_url = https://d
            """
        #expect(try Self.endpoint(environment, config: config) == url)
    }

    @Test(
        "where everybody could read along, nobody is asked",
        arguments: [
            "http://example.org", "http://127.0.0.1@example.org", "http://10.0.0.1", "ftp://a",
            "http://127.0.0.1.example.org:80", "example.org",
        ])
    func plain(url: String) {
        let why = problem { _ = try Self.endpoint(["AWS_ENDPOINT_URL": url]) }
        #expect(why?.problem.hasPrefix("AWS_ENDPOINT_URL is ") == true)
    }

    @Test func `dual-stack is told to be unknown`() throws {
        let why = problem { _ = try Self.endpoint(["AWS_USE_DUALSTACK_ENDPOINT": "true"]) }
        #expect(why?.hint == "name the one to use in AWS_ENDPOINT_URL_ECR")
    }

    @Test(
        "a region that would be another host is refused",
        arguments: ["", "a.example.org/", "EU", "a:b"])
    func regions(name: String) {
        #expect(problem { _ = try Self.endpoint(region: name) }?.cause == .settings)
    }

    @Test(
        "a region is of the environment, or else of the profile",
        arguments: [
            (["AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"], "a"),
            (["AWS_DEFAULT_REGION": "b"], "b"), ([:], "c"),
        ])
    func region(environment: [String: String], name: String) throws {
        var world = PlayedWorld()
        world.files["/home/me/.aws/config"] = "[default]\nregion = c"
        #expect(try world.settings(environment).region == name)
    }

    @Test(
        "a host that only looks like a registry is none",
        arguments: [
            "12345678901.dkr.ecr.eu-west-1.amazonaws.com", "docker.io", "localhost:5000",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.org",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com:5000", "public.ecr.aws.example.org",
            "123456789012.dkr-ecr.eu-west-1.on.aws.com",
        ])
    func others(host: String) { #expect(ECRHost(host) == .other) }

    @Test(
        "registries are also known by their FIPS and dual-stack names",
        arguments: [
            "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
            "123456789012.dkr-ecr.us-east-1.on.aws", "123456789012.dkr-ecr-fips.us-east-1.on.aws",
            "123456789012.DKR.ECR.US-EAST-1.amazonaws.com",
        ])
    func known(host: String) throws {
        let registry = try #require(ECRRegistry(account: "123456789012", region: "us-east-1"))
        #expect(ECRHost(host) == .registry(registry))
    }

    @Test func `the public gallery is told to be another service`() {
        #expect(ECRHost("public.ecr.aws") == .publicGallery)
        #expect("\(ECRHost.galleryProblem)".contains("'public.ecr.aws'"))
    }
}
