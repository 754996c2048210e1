/// Which addresses this host may speak with when somebody else has chosen them: by a URL in a
/// definition, say. It is asked of the address itself, after names are looked up, because a name
/// can lead anywhere, and elsewhere a moment later.
package struct AddressPolicy: Hashable, Sendable {
    package var refused: Set<IPAddress.Kind>
    /// May be spoken with whatever their kind.
    package var allowed: [AddressBlock]

    package init(refusing refused: Set<IPAddress.Kind>, but allowed: [AddressBlock] = []) {
        self.refused = refused
        self.allowed = allowed
    }

    /// For addresses that the administrator has chosen.
    package static let anywhere = AddressPolicy(refusing: [])
    /// Neither this host, nor what only it can reach, nor the networks it stands in.
    package static let world = AddressPolicy(
        refusing: Set(IPAddress.Kind.allCases).subtracting([.world]))
    /// Neither this host nor what only it can reach; own networks, where many servers are, may be.
    package static let others = AddressPolicy(
        refusing: [.loopback, .linkLocal, .group, .nobody])

    package func allows(_ address: IPAddress) -> Bool {
        !refused.contains(address.kind) || allowed.contains { $0.contains(address) }
    }

    /// Why it is refused, for people; nothing if it is not.
    package func problem(with address: IPAddress) -> String? {
        guard !allows(address) else { return nil }
        return switch address.kind {
        case .loopback: "\(address) is this machine itself"
        case .linkLocal: "\(address) is link-local, where machines are told secrets"
        case .privateNetwork: "\(address) is in a private network"
        case .group: "\(address) is a group of machines"
        case .nobody: "\(address) is no machine's address"
        case .world: "\(address) is not to be spoken with"
        }
    }
}
