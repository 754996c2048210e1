import AWS
import Support
import Testing

/// A small server stands in AWS's place: moto does not take what is not signed, once it checks
/// signatures. How a role is taken on by a key is in `MotoTests`.
@Suite("A role that is taken on") struct SecurityTokensTests {
    private static let given = """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>\(key)</AccessKeyId>
          <SecretAccessKey>\(secret)</SecretAccessKey><SessionToken>\(token)</SessionToken>
          <Expiration>2026-11-18T12:06:40.123456Z</Expiration></Credentials>
          </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
        """

    private static func ask(_ sts: PlayedServer, _ aws: PlayedServer) throws {
        var world = PlayedWorld()
        world.files["/token"] = "a.web.token\n"
        _ = try world.client([
            "AWS_ENDPOINT_URL_STS": sts.url, "AWS_ENDPOINT_URL_ECR": aws.url,
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/a+b",
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
        ]).ask(question, in: "eu-west-1")
    }

    @Test func `by a web identity is asked for unsigned, and then signs`() throws {
        let sts = try PlayedServer { _, peer in peer.answer(200, "text/xml", Self.given) }
        let aws = try PlayedServer { _, peer in peer.answer(json: "{}") }
        try Self.ask(sts, aws)
        #expect(
            sts.asked.map(\.body) == [
                "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                    + "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%2Bb"
                    + "&RoleSessionName=slipway-1795000000&WebIdentityToken=a.web.token"
            ])
        #expect(sts.asked.first?.headers["authorization"] == nil)
        let signer = aws.asked.first?.headers["authorization"]
        #expect(signer?.hasPrefix("AWS4-HMAC-SHA256 Credential=\(key)/") == true)
        #expect(aws.asked.first?.headers["x-amz-security-token"] == token)
    }

    @Test(
        "that is refused is told without the token",
        arguments: [
            "<ErrorResponse><Error><Code>InvalidIdentityToken</Code>"
                + "<Message>a.web.token is bad</Message></Error></ErrorResponse>"
        ])
    func refused(body: String) throws {
        let sts = try PlayedServer { _, peer in peer.answer(400, "text/xml", body) }
        let aws = try PlayedServer { _, peer in peer.answer(json: "{}") }
        let why = try #require(problem { try Self.ask(sts, aws) })
        #expect(why.problem.hasSuffix(": InvalidIdentityToken: *** is bad"))
        #expect(!"\(why)".contains("a.web.token"))
        #expect(aws.asked.isEmpty)
    }

    @Test(
        "by an answer without credentials is none",
        arguments: ["", "{}", "<a/>", given.replacing("2026-11", with: "soon")])
    func unreadable(body: String) throws {
        let sts = try PlayedServer { _, peer in peer.answer(200, "text/xml", body) }
        let aws = try PlayedServer { _, peer in peer.answer(json: "{}") }
        let why = try #require(problem { try Self.ask(sts, aws) })
        #expect(why.cause == .unreadable && !"\(why)".contains(secret))
    }
}
