/// Addresses that begin with the same bits, such as `10.0.0.0/8` or `fd00::/8`.
package struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    /// Its first.
    package let address: IPAddress
    package let length: Int

    /// Nothing if it is none. A single address needs no length.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
        let width = address.width
        guard parts.count <= 2, let length = parts.count == 2 ? Int(parts[1]) : width,
            0...width ~= length
        else { return nil }
        self.length = length
        self.address = address.cut(to: length)
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.width == address.width && other.cut(to: length) == address
    }

    package var description: String { "\(address)/\(length)" }
}

extension IPAddress {
    fileprivate var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// Its first bits, and zeros after them.
    fileprivate func cut(to length: Int) -> IPAddress {
        switch self {
        case .v4(let number): .v4(number & ~(UInt32.max >> UInt32(length)))
        case .v6(let high, let low):
            .v6(
                high: high & ~(UInt64.max >> UInt64(min(length, 64))),
                low: low & ~(UInt64.max >> UInt64(max(0, length - 64))))
        }
    }
}
