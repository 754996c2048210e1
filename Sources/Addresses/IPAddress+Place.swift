extension IPAddress {
    /// Where an address leads that is not simply some machine's.
    package enum Place: String, Hashable, Sendable, CaseIterable {
        /// To this host itself.
        case loopback
        /// To the cable; clouds tell a machine its secrets there.
        case linkLocal = "link-local"
        /// To many at once, or to nobody: what stands for documents, or for later.
        case shared
    }

    /// Nothing for those of the world, and of an organisation's own networks.
    package var place: Place? {
        // What carries the older kind within it leads where that leads.
        if let inner { return inner.place }
        return Self.places.first { $0.block.contains(self) }?.place
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

    private static let places: [(place: Place, block: AddressBlock)] =
        [
            // Whoever connects to address 0 reaches the machine itself.
            (.loopback, ["127.0.0.0/8", "0.0.0.0/8", "::1", "::"]),
            // Services of Azure, Alibaba and Amazon for their machines have addresses like others'.
            (
                .linkLocal,
                [
                    "169.254.0.0/16", "168.63.129.16", "100.100.100.200", "fe80::/10",
                    "fd00:ec2::254", "fd00:ec2::23",
                ]
            ),
            (
                .shared,
                [
                    "224.0.0.0/4", "240.0.0.0/4", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
                    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "ff00::/8", "::/96",
                    "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
                ]
            ),
        ].flatMap { (place: Place, texts: [String]) in
            texts.compactMap { AddressBlock($0) }.map { (place, $0) }
        }
}
