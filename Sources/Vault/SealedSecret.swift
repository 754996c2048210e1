import Cryptography
import Pipelines

/// A secret as it lies on the disk: what may be known of it, and its value sealed.
///
/// The value is bound to all the rest, so a file that is copied over another one, or put back from
/// an older day with a newer number, is found out.
struct SealedSecret {
    private static let word = "slipway-secret-1"

    let name: SecretName
    let version: Int
    /// When it was set, in milliseconds since 1970.
    let set: Int64
    let key: String
    private let nonce: [UInt8]
    private let sealed: [UInt8]

    init(
        sealing value: [UInt8], as name: SecretName, version: Int, at time: Int64,
        with key: VaultKey
    ) throws(CryptographyError) {
        self.name = name
        self.version = version
        set = time
        self.key = key.id
        nonce = try RandomBytes.make(Sealing.nonceLength)
        sealed = try Sealing.seal(
            value, key: key.bytes, nonce: nonce,
            boundTo: Self.context(name, version, time, key.id))
    }

    /// Nothing if it is no such file.
    init?(parsing text: String, of name: SecretName) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 7, lines[0] == Self.word, lines[6].isEmpty,
            let version = Self.field("version", lines[1]).flatMap({ Int($0) }), version > 0,
            let set = Self.field("set", lines[2]).flatMap({ Int64($0) }),
            let key = Self.field("key", lines[3]),
            let nonce = Self.field("nonce", lines[4]).flatMap(Hex.bytes),
            let sealed = Self.field("value", lines[5]).flatMap(Base64.bytes)
        else { return nil }
        self.name = name
        self.version = version
        self.set = set
        self.key = key
        self.nonce = nonce
        self.sealed = sealed
    }

    private static func field(_ word: String, _ line: Substring) -> String? {
        line.hasPrefix(word + " ") ? String(line.dropFirst(word.count + 1)) : nil
    }

    var text: String {
        """
        \(Self.word)
        version \(version)
        set \(set)
        key \(key)
        nonce \(Hex.text(of: nonce))
        value \(Base64.text(of: sealed))

        """
    }

    func value(with key: VaultKey) throws(CryptographyError) -> [UInt8] {
        try Sealing.open(
            sealed, key: key.bytes, nonce: nonce,
            boundTo: Self.context(name, version, set, key.id))
    }

    private static func context(
        _ name: SecretName, _ version: Int, _ set: Int64, _ key: String
    ) -> [UInt8] {
        // No part can hold a line's end, so no two lists of parts give the same text.
        Array("\(word)\n\(name)\n\(version)\n\(set)\n\(key)".utf8)
    }
}
