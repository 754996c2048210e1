import Glibc

/// The server in AWS's place that `scripts/services` starts for tests. It checks signatures and
/// policies, and answers what is wrong with them in XML, where AWS has JSON.
package struct TestMoto: Sendable {
    package struct Key: Sendable {
        package let id: String
        package let secret: String
    }

    package let url: String
    /// One that has botocore.
    package let python: String
    /// Of a user who may use what Slipway does, and take on the role.
    package let able: Key
    /// Of one who may nothing.
    package let unable: Key

    package static let account = "123456789012"
    /// May use ECR.
    package static let role = "arn:aws:iam::123456789012:role/pusher"

    /// Nothing where none runs.
    package static let server: TestMoto? = {
        let named = unsafe getenv("SLIPWAY_TEST_MOTO").map { unsafe String(cString: $0) }
        return TestMoto(named ?? "")
    }()

    package static let reason: String =
        "there is no moto for tests; 'scripts/services start moto' prints what SLIPWAY_TEST_MOTO "
        + "is to hold"

    private init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 6 else { return nil }
        url = words[0]
        python = words[1]
        able = Key(id: words[2], secret: words[3])
        unable = Key(id: words[4], secret: words[5])
    }
}
