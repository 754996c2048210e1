package import Attempts
import CLaunch
import Glibc

/// A network with nothing but its own loopback, for one sandbox and for who speaks with it. It
/// belongs to nobody in the sandbox, and lives as long as somebody is in it or holds this.
package struct OwnNetwork: ~Copyable {
    package let descriptor: Int32

    deinit { close(descriptor) }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    package static func make(for spec: AttemptSpec) throws(SandboxError) -> OwnNetwork {
        var made = slipway_network(network: -1, user_namespace: -1)
        let slot = spec.slot.map { UInt32($0) }
        guard unsafe slipway_make_network(slot ?? getuid(), slot ?? getgid(), &made) == 0 else {
            throw SandboxError.system("make a network", hint: Stage.namespaceHint)
        }
        close(made.user_namespace)
        let network = OwnNetwork(descriptor: made.network)
        guard slipway_raise_loopback(made.network) == 0 else {
            throw SandboxError.system("raise the loopback of a network")
        }
        return network
    }

    /// Moves the thread that calls into a network, for good.
    package static func enter(_ descriptor: Int32) throws(SandboxError) {
        guard slipway_enter_network(descriptor) == 0 else {
            throw SandboxError.system("enter the network of the sandbox")
        }
    }
}
