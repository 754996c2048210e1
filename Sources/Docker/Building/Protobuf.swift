/// Fields of one message, as they stand in its bytes. Nothing is trusted: each length is looked at
/// before it is used, and there is no depth, because what lies inside is read by who asks for it.
struct ProtobufFields: Sequence, IteratorProtocol {
    enum Value: Hashable {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    struct Field: Hashable {
        let number: Int
        let value: Value

        var bytes: ArraySlice<UInt8> { if case .bytes(let bytes) = value { bytes } else { [] } }
        var text: String { String(decoding: bytes, as: UTF8.self) }
        var integer: Int {
            if case .number(let number) = value { Int(truncatingIfNeeded: number) } else { 0 }
        }
    }

    private var rest: ArraySlice<UInt8>
    /// The bytes are no message from where the last field ended.
    private(set) var isBroken = false

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// All of them; nothing if the bytes are no message.
    static func all(of bytes: ArraySlice<UInt8>, atMost most: Int) -> [Field]? {
        var fields = ProtobufFields(bytes)
        var all: [Field] = []
        while let field = fields.next() {
            guard all.count < most else { return nil }
            all.append(field)
        }
        return fields.isBroken ? nil : all
    }

    mutating func next() -> Field? {
        guard !rest.isEmpty, !isBroken else { return nil }
        guard let key = varint(), let number = Int(exactly: key >> 3), number > 0,
            let value = value(kind: key & 7)
        else {
            isBroken = true
            return nil
        }
        return Field(number: number, value: value)
    }

    private mutating func value(kind: UInt64) -> Value? {
        switch kind {
        case 0: varint().map { .number($0) }
        case 1: fixed(8)
        case 2: varint().flatMap { Int(exactly: $0) }.flatMap { take($0) }.map { .bytes($0) }
        case 5: fixed(4)
        // Groups, which nobody has written for twenty years.
        default: nil
        }
    }

    private mutating func fixed(_ count: Int) -> Value? {
        take(count).map { bytes in
            .number(bytes.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
        }
    }

    private mutating func varint() -> UInt64? {
        var number: UInt64 = 0
        for place in 0..<10 {
            guard let byte = rest.popFirst() else { return nil }
            // Of the tenth, there is room for one bit.
            guard place < 9 || byte <= 1 else { return nil }
            number |= UInt64(byte & 0x7F) << (7 * place)
            if byte < 0x80 { return number }
        }
        return nil
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

/// Writes the few messages that are answered here.
enum Protobuf {
    static func field(_ number: UInt8, _ bytes: some Collection<UInt8>) -> [UInt8] {
        [number << 3 | 2] + varint(bytes.count) + bytes
    }

    static func field(_ number: UInt8, _ value: Int) -> [UInt8] { [number << 3] + varint(value) }

    private static func varint(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = UInt(bitPattern: value)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
