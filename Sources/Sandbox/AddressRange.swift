import CLaunch
import Glibc

/// IPv4 addresses that begin with the same bits, such as `10.0.0.0/8`.
package struct AddressRange: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Its first address, as a number.
    package let address: UInt32
    package let length: Int

    package init(address: UInt32, length: Int) {
        self.length = length
        self.address = length == 0 ? 0 : address & ~0 << (32 - UInt32(length))
    }

    /// Nothing if it is none. A single address needs no length.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        var address = in_addr()
        guard (1...2).contains(parts.count),
            unsafe inet_pton(AF_INET, String(parts[0]), &address) == 1,
            let length = parts.count == 2 ? Int(parts[1]) : 32, 0...32 ~= length
        else { return nil }
        self.init(address: UInt32(bigEndian: address.s_addr), length: length)
    }

    /// What this host delivers to itself, whatever its name: its loopback and each address it has.
    static func ofThisHost() throws(SandboxError) -> [AddressRange] {
        var ranges = [slipway_range](repeating: slipway_range(), count: mostOfOneHost)
        let count = unsafe slipway_own_ranges(&ranges, Int32(ranges.count))
        guard count >= 0 else { throw SandboxError.system("list the addresses of this host") }
        return ranges[..<Int(count)].map { range in
            AddressRange(address: UInt32(bigEndian: range.address), length: Int(range.length))
        }
    }

    /// Three for each network that it is in; a host of containers is in many.
    private static let mostOfOneHost = 16_384

    var asInPackets: slipway_range {
        slipway_range(address: address.bigEndian, length: Int32(length))
    }

    package static func < (one: Self, other: Self) -> Bool {
        (one.address, one.length) < (other.address, other.length)
    }

    package var description: String {
        let bytes = [24, 16, 8, 0].map { "\(address >> UInt32($0) & 0xFF)" }
        return "\(bytes.joined(separator: "."))/\(length)"
    }
}
