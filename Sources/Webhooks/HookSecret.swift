import Cryptography

/// What a forge and the house both know. While it is being changed there are two.
package struct HookSecret: Sendable {
    private static let signingPrefix = "whsec_"

    /// As it was given to the forge.
    private let text: [UInt8]
    private let signing: [UInt8]?

    /// Nothing if it is empty: everybody would know it. The end of a line is no part of it, because
    /// editors and `echo` add one.
    package init?(_ value: [UInt8]) {
        var value = value
        while value.last == UInt8(ascii: "\n") || value.last == UInt8(ascii: "\r") {
            value.removeLast()
        }
        guard value.contains(where: { $0 != UInt8(ascii: " ") }) else { return nil }
        text = value
        let word = String(decoding: value, as: UTF8.self)
        guard word.hasPrefix(Self.signingPrefix) else {
            signing = nil
            return
        }
        let key = Base64.bytes(of: String(word.dropFirst(Self.signingPrefix.count)))
        guard let key, !key.isEmpty else { return nil }
        signing = key
    }

    /// Whether this is the HMAC of a body, in digits.
    func hasSigned(_ body: [UInt8], as code: [UInt8]) -> Bool {
        ConstantTime.areEqual(HMAC.sha256(body, key: text), code)
    }

    /// Whether it was sent as it is. One that signs never is: who saw it once could sign as well.
    func wasSent(as value: String) -> Bool {
        let sent = Array(value.utf8)
        return ConstantTime.areEqual(sent, text) && signing == nil
    }

    package var standardKey: [UInt8] { signing ?? text }
}
