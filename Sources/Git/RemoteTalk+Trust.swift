import CGit2
import Cryptography

// Who is on the other side.
extension RemoteTalk {
    func judge(_ certificate: UnsafeMutablePointer<git_cert>?, isValid: Bool) -> Int32 {
        guard let certificate = unsafe certificate,
            unsafe certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2
        else {
            return isValid ? 0 : GIT_ECERTIFICATE.rawValue
        }
        return unsafe certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) {
            unsafe judge($0.pointee)
        }
    }

    private func judge(_ host: git_cert_hostkey) -> Int32 {
        guard unsafe host.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0,
            let start = unsafe host.hostkey
        else {
            return distrust("it shows no key", hint: "look at the host's ssh server")
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: host.hostkey_len)
        let raw = unsafe Array(bytes)
        let key = Base64.text(of: raw)
        let digest = unsafe withUnsafeBytes(of: host.hash_sha256) { unsafe Array($0) }
        let print = "SHA256:" + Base64.text(of: digest).filter { $0 != "=" }
        let hosts = KnownHosts(parsing: access.knownHosts)
        let port = address.port ?? 22
        let name = KnownHosts.name(of: address.host, port: port)
        let line = "\(name) \(Self.kind(of: raw)) \(key)"
        switch hosts.verdict(on: address.host, port: port, key: key) {
        case .known: return 0
        case .unknown:
            return distrust(
                "the host's key is not known: \(print)\(Self.note(of: hosts.unread))",
                hint: "compare that with what its administrator says, and add to the known hosts: "
                    + line)
        case .changed:
            return distrust(
                "the host shows another key than is known: \(print)",
                hint: "somebody may stand between; if the key was changed, add: \(line)")
        case .vouchedFor:
            return distrust(
                "of the host only an authority is known (@cert-authority), and what those sign is "
                    + "not looked at: \(print)",
                hint: "compare that with what its administrator says, and add to the known hosts: "
                    + line)
        case .revoked:
            return distrust(
                "the host's key was revoked: \(print)", hint: "ask its administrator")
        }
    }

    private static func note(of unread: [Int]) -> String {
        guard let first = unread.first else { return "" }
        let more = unread.count > 1 ? " and \(unread.count - 1) more" : ""
        return "; line \(first)\(more) of the known hosts cannot be understood"
    }

    private func distrust(_ problem: String, hint: String) -> Int32 {
        refusal = GitError(.untrusted, operation, problem: problem, hint: hint)
        return GIT_ECERTIFICATE.rawValue
    }

    /// The first text in a key is its kind.
    private static func kind(of key: [UInt8]) -> RawName {
        guard key.count > 4 else { return RawName([]) }
        let length = key[..<4].reduce(0) { $0 << 8 | Int($1) }
        return RawName(Array(key[4...].prefix(min(length, 64))))
    }
}
