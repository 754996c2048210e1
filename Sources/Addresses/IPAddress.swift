package import Glibc

/// A host's address, without a port.
package enum IPAddress: Hashable, Sendable, CustomStringConvertible {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Nothing if it is none as everybody writes them: no short forms, no octal numbers.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
            self = Self.v6(six)
        } else {
            return nil
        }
    }

    /// What a socket speaks with; nothing where that is no host.
    package init?(_ address: UnsafePointer<sockaddr>) {
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            let four = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self)
            self = .v4(UInt32(bigEndian: four.sin_addr.s_addr))
        case AF_INET6:
            let six = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self)
            self = Self.v6(six.sin6_addr)
        default: return nil
        }
    }

    /// One of the older kind in the newer one's clothes (`::ffff:127.0.0.1`) is taken out of them,
    /// because it leads to the same host.
    private static func v6(_ six: in6_addr) -> IPAddress {
        let (high, low) = unsafe withUnsafeBytes(of: six) { bytes in
            unsafe (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        return high == 0 && low >> 32 == 0xFFFF
            ? .v4(UInt32(truncatingIfNeeded: low)) : .v6(high: high, low: low)
    }

    /// As a socket wants it; nothing for the older kind.
    package var six: in6_addr? {
        guard case .v6(let high, let low) = self else { return nil }
        var six = in6_addr()
        unsafe withUnsafeMutableBytes(of: &six) { bytes in
            unsafe bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return six
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .v4(let number):
            var four = in_addr(s_addr: number.bigEndian)
            unsafe inet_ntop(AF_INET, &four, &text, socklen_t(text.count))
        case .v6:
            var six = six
            unsafe inet_ntop(AF_INET6, &six, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }
}
