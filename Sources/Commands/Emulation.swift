/// What a machine cannot run because it is made for another, and what to do about it.
package enum Emulation {
    /// What a kernel says of it, whoever has asked it to run something.
    package static let sign = "exec format error"

    package static func hint(for platform: String) -> String {
        "this machine cannot run commands of \(platform); install on it what can: apt-get install "
            + "qemu-user-static binfmt-support; a Dockerfile without RUN needs none"
    }
}
