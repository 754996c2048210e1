import Glibc

/// The registries that `scripts/services` starts for tests: a plain one, and one with TLS and a
/// password.
package struct TestRegistry: Sendable {
    package let plain: String
    package let secured: String
    /// Who has signed the certificate of the latter.
    package let authorities: String
    package let user: String
    package let password: String

    /// Nothing where none run.
    package static let running: TestRegistry? = {
        let named = unsafe getenv("SLIPWAY_TEST_REGISTRY").map { unsafe String(cString: $0) }
        return TestRegistry(in: named ?? "/tmp/slipway-services-\(getuid())/registry")
    }()

    package static let reason: String =
        "there is no registry for tests; start one with 'scripts/services start registry'"

    private init?(in folder: String) {
        func word(_ name: String) -> String? {
            guard let file = unsafe fopen("\(folder)/\(name)", "r") else { return nil }
            defer { unsafe fclose(file) }
            var line = [CChar](repeating: 0, count: 200)
            guard unsafe fgets(&line, Int32(line.count), file) != nil else { return nil }
            let bytes = line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
            return String(decoding: bytes, as: UTF8.self)
        }
        guard let plain = word("plain.port"), let secured = word("tls.port"),
            let login = word("login")?.split(separator: ":").map(String.init), login.count == 2
        else { return nil }
        self.plain = "127.0.0.1:\(plain)"
        self.secured = "localhost:\(secured)"
        authorities = "\(folder)/ca.pem"
        (user, password) = (login[0], login[1])
    }
}
