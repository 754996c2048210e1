import CGit2

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
        let name = port == 22 ? address.host : "[\(address.host)]:\(port)"
        let line = "\(name) \(Self.kind(of: raw)) \(key)"
        switch hosts.verdict(on: address.host, port: port, key: key) {
        case .known: return 0
        case .unknown:
            let unread =
                hosts.hashed > 0 ? "; lines with hashed names are not read (\(hosts.hashed))" : ""
            return distrust(
                "the host's key is not known: \(print)\(unread)",
                hint: "compare that with what its administrator says, and add to the known hosts: "
                    + line)
        case .changed:
            return distrust(
                "the host shows another key than is known: \(print)",
                hint: "somebody may stand between; if the key was changed, add: \(line)")
        case .revoked:
            return distrust(
                "the host's key was revoked: \(print)", hint: "ask its administrator")
        }
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
