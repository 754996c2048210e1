import Cryptography
import Glibc
import SmallFiles

/// The key that seals secrets, in a file that only its owner can read.
final class VaultKey: Sendable {
    let bytes: [UInt8]
    /// What files call the key that sealed them.
    let id: String
    private static let idDigits = 16

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        id = String(SHA256.hex(of: Array("slipway-vault-key".utf8) + bytes).prefix(Self.idDigits))
    }

    static func random() throws(VaultError) -> VaultKey {
        do {
            return VaultKey(try RandomBytes.make(Sealing.keyLength))
        } catch {
            throw VaultError(
                .key, "cannot make a key: \(error)", hint: "check the machine's OpenSSL")
        }
    }

    /// Nothing if there is no such file.
    static func read(_ path: String) throws(VaultError) -> VaultKey? {
        var digits: [UInt8]
        do {
            digits = try SmallFile.bytes(of: path, limit: 4_096)
        } catch {
            if error.code == ENOENT { return nil }
            throw VaultError("read the key '\(path)'", error)
        }
        defer { digits.wipe() }
        try requirePrivate(path)
        let text = String(decoding: digits, as: UTF8.self).filter { !$0.isWhitespace }
        guard let bytes = Hex.bytes(of: text), bytes.count == Sealing.keyLength else {
            throw VaultError(
                .key, "'\(path)' holds no key",
                hint: "it has to hold \(Sealing.keyLength * 2) of 0-9 and a-f; "
                    + "put back the file from a backup")
        }
        return VaultKey(bytes)
    }

    func write(to path: String) throws(VaultError) {
        var digits = Array((Hex.text(of: bytes) + "\n").utf8)
        defer { digits.wipe() }
        do {
            try SmallFile.replace(path, with: digits, mode: 0o600)
        } catch { throw VaultError("write the key '\(path)'", error) }
    }

    private static func requirePrivate(_ path: String) throws(VaultError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw VaultError("look at '\(path)'", .last) }
        guard status.st_mode & 0o077 == 0 else {
            throw VaultError(
                .key, "others than its owner can read the key '\(path)'",
                hint: "chmod 600 '\(path)', and consider what it sealed as known to them")
        }
    }
}
