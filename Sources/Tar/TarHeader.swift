/// The block before each entry of an archive, as POSIX and GNU have it.
struct TarHeader {
    static let length = 512

    let name: [UInt8]
    let size: Int
    let kind: UInt8
    let link: [UInt8]

    /// Nothing if its sum is wrong or a number is none.
    init?(_ block: [UInt8]) {
        guard block.count == Self.length, let sum = Self.number(block[148..<156]),
            sum == Self.sum(of: block), let size = Self.number(block[124..<136]), size >= 0
        else { return nil }
        self.size = size
        kind = block[156]
        link = Self.text(block[157..<257])
        let isPosix = block[257..<263].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0])
        let prefix = isPosix ? Self.text(block[345..<500]) : []
        let own = Self.text(block[0..<100])
        name = prefix.isEmpty ? own : prefix + [UInt8(ascii: "/")] + own
    }

    /// Its own field counts as spaces.
    static func sum(of block: [UInt8]) -> Int {
        block.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] {
        Array(field.prefix { $0 != 0 })
    }

    /// Octal digits; or, after a byte of 128, the number itself.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if field.first == 0x80 {
            let bytes = field.dropFirst()
            guard bytes.dropLast(7).allSatisfy({ $0 == 0 }) else { return nil }
            return bytes.suffix(7).reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard digits.allSatisfy({ 0x30...0x37 ~= $0 }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
    }
}
