/// Whom an address stands for: an IPv4 address for itself, an IPv6 address for its network, because
/// the other half of it is for its owner to choose.
package enum PeerNetwork {
    package static func of(_ address: String) -> String {
        guard address.contains(":") else { return address }
        let groups = address.split(separator: ":", omittingEmptySubsequences: false)
        // An IPv4 address in the dress of an IPv6 one.
        if let last = groups.last, last.contains(".") { return String(last) }
        // Cut at the gap, if zeros are left out before: a few networks more are taken for one.
        return groups.prefix(4).prefix { !$0.isEmpty }.joined(separator: ":") + "::/64"
    }
}
