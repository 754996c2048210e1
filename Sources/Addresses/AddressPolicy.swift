/// Which addresses this host may speak with when somebody else has chosen them: what a definition
/// or a rule names must be no way to ask the host's own services, or those that clouds keep on the
/// cable, in its name. Own networks, where many servers are, may be named.
///
/// It is asked of the address itself, after names are looked up, because a name can lead anywhere,
/// and elsewhere a moment later.
package struct AddressPolicy: Hashable, Sendable {
    /// Places that may be spoken with in spite of what they are.
    package let allowed: Set<IPAddress.Place>

    package init(allowing allowed: Set<IPAddress.Place> = []) { self.allowed = allowed }

    /// For addresses that the administrator has chosen.
    package static let anywhere = AddressPolicy(allowing: Set(IPAddress.Place.allCases))

    /// Nothing if it may be spoken with.
    package func refusal(of address: IPAddress) -> IPAddress.Place? {
        guard let place = address.place, !allowed.contains(place) else { return nil }
        return place
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
