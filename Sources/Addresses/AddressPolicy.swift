/// Which addresses this host may speak with when somebody else has chosen them: what a definition
/// or a rule names must be no way to ask the host's own services, or those that clouds keep on the
/// cable, in its name. Own networks, where many servers are, may be named.
///
/// It is asked of the address itself, after names are looked up, because a name can lead anywhere,
/// and elsewhere a moment later.
package struct AddressPolicy: Hashable, Sendable {
    /// Places that may be spoken with in spite of what they are.
    package let allowed: Set<IPAddress.Place>

    /// Nothing else may be spoken with, neither the world nor own networks.
    private let isConfined: Bool

    package init(allowing allowed: Set<IPAddress.Place> = []) {
        self.allowed = allowed
        isConfined = false
    }

    private init(only allowed: Set<IPAddress.Place>) {
        self.allowed = allowed
        isConfined = true
    }

    /// For what never leaves this machine or its cable.
    package static func only(_ places: Set<IPAddress.Place>) -> AddressPolicy {
        AddressPolicy(only: places)
    }

    /// For addresses that the administrator has chosen.
    package static let anywhere = AddressPolicy(allowing: Set(IPAddress.Place.allCases))

    /// Where it leads, if that is refused; nothing of an address of the world.
    package func refusal(of address: IPAddress) -> IPAddress.Place? {
        guard let place = address.place, !allowed.contains(place) else { return nil }
        return place
    }

    /// Why it may not be spoken with, for people; nothing if it may.
    package func problem(with address: IPAddress) -> String? {
        if let place = refusal(of: address) { return "\(address) is \(place.words)" }
        return isConfined && address.place == nil ? "\(address) is another machine's" : nil
    }
}

extension IPAddress.Place {
    /// What an address of there is, for people.
    package var words: String {
        switch self {
        case .loopback: "an address of this machine itself"
        case .linkLocal: "a link-local address, where clouds keep a machine's secrets"
        case .shared: "no single machine's address"
        }
    }
}
