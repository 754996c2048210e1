/// The addresses in the network of a sandbox that may reach others, and those it may not reach.
package enum OutboundAddresses {
    static let device = "tap0"
    /// As slirp4netns deals them out: what is sent to the gateway leaves by the host, and questions
    /// to the name server are put to the host's own. It answers nothing else at these two.
    static let own = AddressRange(address: 0x0A00_0264, length: 32)
    static let gateway = AddressRange(address: 0x0A00_0202, length: 32)
    static let names = AddressRange(address: 0x0A00_0203, length: 32)
    static let packetSize = 65_520

    package static let resolver = "nameserver 10.0.2.3\n"

    /// Where clouds tell a machine its secrets, and what is no other host's address.
    private static let never = [
        "0.0.0.0/8", "127.0.0.0/8",
        // Link-local: the metadata of nearly every cloud, and of containers in some.
        "169.254.0.0/16",
        // Azure's and Alibaba's have public addresses.
        "168.63.129.16/32", "100.100.100.200/32",
        // Groups, in which the host itself may be, and broadcasts.
        "224.0.0.0/4", "240.0.0.0/4",
    ]

    /// What nobody reaches from a sandbox on a host with these addresses. Private networks are not
    /// among them: a build needs the registries and mirrors that are there.
    package static func blocked(
        ofHost own: [AddressRange], byProfile given: [AddressRange]
    ) -> [AddressRange] {
        var blocked = Set(never.compactMap { AddressRange($0) })
        blocked.formUnion(own)
        blocked.formUnion(given)
        // These lead to slirp4netns, and never to who has them outside.
        blocked.subtract([gateway, names])
        return blocked.sorted()
    }
}
