/// What a header of its own says of the next entry: `27 path=a/name/of/any/length\n`, and more.
struct PaxRecords {
    static let longest = 1 << 20

    private(set) var values: [String: [UInt8]] = [:]

    /// Nothing if a length lies.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let first = rest.first, first != 0 {
            guard let space = rest.prefix(10).firstIndex(of: 0x20),
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count
            else { return nil }
            let record = rest[space..<rest.startIndex + length].dropFirst()
            guard record.last == 0x0A, let equals = record.firstIndex(of: 0x3D) else { return nil }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            values[key] = Array(record[equals...].dropFirst().dropLast())
            rest = rest.dropFirst(length)
        }
    }

    init() {}

    var isSparse: Bool { values.keys.contains { $0.hasPrefix("GNU.sparse.") } }
}
