package import AWS
import Cryptography

/// What opens a registry's door for half a day. It is to be kept in memory, and asked for anew by
/// each push.
package struct RegistryLogin: Hashable, Sendable {
    package let user: String
    package let password: HiddenText
    /// Where it is for, as ECR says.
    package let endpoint: String?
}

extension ECR {
    private struct Answer: Decodable {
        struct Authorization: Decodable {
            let authorizationToken: String?
            let proxyEndpoint: String?
        }

        let authorizationData: [Authorization]?
    }

    /// The time at which it expires is not looked at: it has just been made, and the registry says
    /// by itself when it does not take it any more.
    package func login() throws(AWSProblem) -> RegistryLogin {
        let answer = try ask("GetAuthorizationToken", [], for: Answer.self)
        guard let data = answer.authorizationData?.first,
            let bytes = data.authorizationToken.flatMap(Base64.bytes(of:)),
            let text = String(validating: bytes, as: UTF8.self),
            let colon = text.firstIndex(of: ":"), colon != text.startIndex
        else { throw Self.unreadable("GetAuthorizationToken") }
        return RegistryLogin(
            user: String(text[..<colon]),
            password: HiddenText(String(text[text.index(after: colon)...])),
            endpoint: data.proxyEndpoint)
    }
}
