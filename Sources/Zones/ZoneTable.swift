/// The second, 64-bit part of a TZif file.
struct ZoneTable {
    private(set) var changes: [Zone.Change] = []
    private(set) var first = 0
    /// A rule in the manner of POSIX for all times after the table.
    private(set) var footer = ""

    init?(_ bytes: [UInt8]) {
        guard let old = Header(bytes[...]), old.version >= 2 else { return nil }
        let rest = bytes.dropFirst(Header.size + old.size(ofTime: 4))
        guard let header = Header(rest), rest.count >= Header.size + header.size(ofTime: 8) else {
            return nil
        }
        var body = rest.dropFirst(Header.size)
        let times = body.take(header.times * 8)
        let indices = body.take(header.times)
        let types = body.take(header.types * 6)
        body = body.dropFirst(header.size(ofTime: 8) - header.times * 9 - header.types * 6)
        let offsets = (0..<header.types).map {
            Int(Int32(truncatingIfNeeded: types.number(at: $0 * 6, 4)))
        }
        guard let standard = offsets.first else { return nil }
        first = standard
        for index in 0..<header.times {
            let type = Int(indices[indices.startIndex + index])
            guard offsets.indices.contains(type) else { return nil }
            changes.append(.init(at: times.number(at: index * 8, 8), offset: offsets[type]))
        }
        let line = body.dropFirst().prefix { $0 != UInt8(ascii: "\n") }
        footer = String(decoding: line, as: UTF8.self)
    }

    private struct Header {
        static let size = 44

        let version: Int
        let times: Int
        let types: Int
        private let others: Int
        private let leaps: Int

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= Self.size, bytes.starts(with: "TZif".utf8) else { return nil }
            let digit = bytes[bytes.startIndex + 4]
            version = digit == 0 ? 1 : Int(digit) - Int(UInt8(ascii: "0"))
            let counts = (0..<6).map { bytes.number(at: 20 + $0 * 4, 4) }
            // No zone has had thousands of changes; whoever says so is no zone.
            guard counts.allSatisfy({ 0...100_000 ~= $0 }) else { return nil }
            times = counts[3]
            types = counts[4]
            leaps = counts[2]
            others = counts[0] + counts[1] + counts[5]
        }

        func size(ofTime width: Int) -> Int {
            times * (width + 1) + types * 6 + others + leaps * (width + 4)
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func take(_ count: Int) -> Self {
        let taken = prefix(count)
        self = dropFirst(count)
        return taken
    }

    /// A number of up to eight bytes, the highest first.
    fileprivate func number(at offset: Int, _ width: Int) -> Int {
        let start = startIndex + offset
        return Int(
            Int64(bitPattern: self[start..<(start + width)].reduce(0) { $0 << 8 | UInt64($1) }))
    }
}
