import Glibc

/// The way out for commands with network `outbound`: a network stack in user space, which reaches
/// what an ordinary program reaches, and neither the host's own services nor a cloud's metadata.
package enum Outbound {
    /// Where slirp4netns answers questions for names.
    static let resolver = "10.0.2.3"
}
