/// Which machines may be fetched from: what a definition names must not be a way to ask this
/// machine's own services, or those that clouds keep on a link, in the server's name.
package struct AddressPolicy: Hashable, Sendable {
    package enum Place: String, Sendable, CaseIterable {
        case loopback
        case linkLocal = "link-local"
        /// Addresses that are no single machine's.
        case shared
    }

    /// Places that the server's configuration allows in spite of what they are.
    package let allowed: Set<Place>

    package init(allowing allowed: Set<Place> = []) { self.allowed = allowed }

    /// Nothing if an address, 4 or 16 bytes as they are sent, may be reached.
    package func refusal(of address: [UInt8]) -> Place? {
        guard let place = Self.place(of: address), !allowed.contains(place) else { return nil }
        return place
    }

    private static func place(of address: [UInt8]) -> Place? {
        guard address.count == 16 else { return address.count == 4 ? place(ofFour: address) : nil }
        let head = Array(address[..<12])
        let zeros = [UInt8](repeating: 0, count: 12)
        // An address of version 4 in the clothes of version 6: mapped, compatible or translated.
        let isMapped = head == Array(zeros[..<10]) + [0xFF, 0xFF]
        let isTranslated = head == [0, 0x64, 0xFF, 0x9B] + zeros[..<8]
        if isMapped || isTranslated { return place(ofFour: Array(address[12...])) }
        if head == zeros {
            return address[12...].elementsEqual([0, 0, 0, 1])
                ? .loopback : place(ofFour: Array(address[12...]))
        }
        if address[0] == 0xFE, address[1] & 0xC0 == 0x80 { return .linkLocal }
        if address[0] == 0xFF { return .shared }
        // Where a cloud has its metadata by version 6.
        let metadata: [UInt8] = [0xFD, 0, 0x0E, 0xC2] + zeros[..<10] + [0x02, 0x54]
        return address == metadata ? .linkLocal : nil
    }

    private static func place(ofFour address: [UInt8]) -> Place? {
        switch (address[0], address[1]) {
        // Who connects to address 0 reaches the machine itself.
        case (127, _), (0, _): .loopback
        case (169, 254): .linkLocal
        case (224...255, _): .shared
        default: nil
        }
    }
}

extension AddressPolicy.Place {
    package var sentence: String {
        switch self {
        case .loopback: "it is an address of this machine itself"
        case .linkLocal: "it is a link-local address, where clouds keep a machine's secrets"
        case .shared: "it is no single machine's address"
        }
    }
}
