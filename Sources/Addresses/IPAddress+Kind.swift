extension IPAddress {
    /// Whose an address is.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Of this host itself.
        case loopback
        /// Of the cable; clouds tell a machine its secrets there.
        case linkLocal
        /// Of an organisation's own network, or a provider's.
        case privateNetwork
        /// Of many at once.
        case group
        /// Of nobody: what stands for none, for documents, for later.
        case nobody
        /// Of the world.
        case world
    }

    package var kind: Kind {
        // What carries the older kind within it leads where that leads.
        if let inner { return inner.kind }
        return Self.kinds.first { $0.block.contains(self) }?.kind ?? .world
    }

    /// The address of the older kind to which a translator or a tunnel would take this one.
    private var inner: IPAddress? {
        guard case .v6(let high, let low) = self else { return nil }
        if Self.translated.contains(where: { $0.contains(self) }) {
            return .v4(UInt32(truncatingIfNeeded: low))
        }
        if Self.sixToFour?.contains(self) == true {
            return .v4(UInt32(truncatingIfNeeded: high >> 16))
        }
        return nil
    }

    private static let translated = ["64:ff9b::/96", "::ffff:0:0:0/96"].compactMap {
        AddressBlock($0)
    }
    private static let sixToFour = AddressBlock("2002::/16")

    private static let kinds: [(kind: Kind, block: AddressBlock)] =
        [
            (.loopback, ["127.0.0.0/8", "::1"]),
            // Azure's and Alibaba's services for their machines have addresses like the world's.
            (.linkLocal, ["169.254.0.0/16", "168.63.129.16", "100.100.100.200", "fe80::/10"]),
            (
                .privateNetwork,
                [
                    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7",
                    "fec0::/10", "64:ff9b:1::/48",
                ]
            ),
            (.group, ["224.0.0.0/4", "255.255.255.255", "ff00::/8"]),
            (
                .nobody,
                [
                    "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
                    "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "::/96", "100::/64",
                    "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
                ]
            ),
        ].flatMap { (kind: Kind, texts: [String]) in
            texts.compactMap { AddressBlock($0) }.map { (kind, $0) }
        }
}
