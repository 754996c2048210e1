/// The name of a file or a ref as git has it: bytes, which are mostly UTF-8 but need not be.
package struct RawName: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package init(_ text: String) { bytes = Array(text.utf8) }

    /// Nothing where the bytes are no UTF-8.
    package var text: String? { String(validating: bytes, as: UTF8.self) }

    package var components: [RawName] {
        bytes.split(separator: UInt8(ascii: "/")).map { RawName(Array($0)) }
    }

    package func appending(_ component: RawName) -> RawName {
        bytes.isEmpty ? component : RawName(bytes + [UInt8(ascii: "/")] + component.bytes)
    }

    package func hasPrefix(_ text: String) -> Bool { bytes.starts(with: text.utf8) }

    package func dropping(_ prefix: String) -> RawName? {
        hasPrefix(prefix) ? RawName(Array(bytes.dropFirst(prefix.utf8.count))) : nil
    }
}

extension RawName: Comparable {
    package static func < (left: RawName, right: RawName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension RawName: CustomStringConvertible {
    /// For people and terminals: what is no text, and what steers a terminal, is written `\xNN`.
    package var description: String {
        guard let text else { return bytes.map(Self.escaped).joined() }
        return text.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                String(scalar).utf8.map { "\\x" + Self.hex($0) }.joined()
            default: String(scalar)
            }
        }.joined()
    }

    private static func escaped(_ byte: UInt8) -> String {
        0x20..<0x7F ~= byte ? String(Unicode.Scalar(byte)) : "\\x" + hex(byte)
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
