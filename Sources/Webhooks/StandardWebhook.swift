import Cryptography

/// Deliveries signed as the Standard Webhooks specification says: an id, a time and the body
/// together.
package enum StandardWebhook {
    /// How far the sender's clock and ours may be apart, in seconds.
    package static let tolerance: Int64 = 300
    /// Several are there while a secret is being changed.
    static let maximumSignatures = 10

    /// The headers that go with a body; `time` is in seconds since 1970.
    package static func headers(
        id: String, time: Int64, body: [UInt8], secret: HookSecret
    ) -> [(name: String, value: String)] {
        let code = code(id, String(time), body, secret)
        return [
            ("webhook-id", id), ("webhook-timestamp", String(time)),
            ("webhook-signature", "v1,\(Base64.text(of: code))"),
        ]
    }

    static func code(
        _ id: String, _ time: String, _ body: [UInt8], _ secret: HookSecret
    ) -> [UInt8] {
        HMAC.sha256(Array("\(id).\(time).".utf8) + body, key: secret.standardKey)
    }

    /// Whether one of the signatures is by one of the secrets. All are looked at, so that time does
    /// not tell which was right.
    static func isSigned(
        _ signatures: String, id: String, time: String, body: [UInt8], by secrets: [HookSecret]
    ) -> Bool {
        let codes = signatures.split(separator: " ").prefix(maximumSignatures).compactMap {
            $0.hasPrefix("v1,") ? Base64.bytes(of: String($0.dropFirst(3))) : nil
        }
        var isSigned = false
        for secret in secrets {
            let right = code(id, time, body, secret)
            for code in codes where ConstantTime.areEqual(code, right) { isSigned = true }
        }
        return isSigned
    }
}
