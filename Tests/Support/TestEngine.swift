import Glibc

/// The Docker Engine that `scripts/services` starts for tests, with the images that it makes.
package enum TestEngine {
    /// Its socket; nothing where none runs, or this user may not use it.
    package static let socket: String? = {
        let named = unsafe getenv("SLIPWAY_TEST_DOCKER").map { unsafe String(cString: $0) }
        let path = named ?? "/tmp/slipway-services-\(getuid())/docker/docker.sock"
        return unsafe access(path, R_OK | W_OK) == 0 ? path : nil
    }()

    package static let reason: String =
        "there is no Docker Engine for tests; root starts one with 'scripts/services start docker'"

    /// Busybox and nothing else.
    package static let image = "slipway-test:1"
    /// One that has no program in it.
    package static let emptyImage = "slipway-test-empty:1"
}
