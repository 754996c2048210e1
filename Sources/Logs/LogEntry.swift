/// One line of a log's index: 16 bytes, whole or not there.
struct LogEntry: Hashable, Sendable {
    enum Kind: UInt8 {
        /// What follows was printed then.
        case time = 1
        /// A step begins; the value is its index.
        case stepBegan = 2
        /// The step that began last ends; the value is its code.
        case stepEnded = 3
        /// Nothing more will be written.
        case closed = 4
    }

    static let size = 16

    let kind: Kind
    let offset: Int
    /// Since the start of the log, by a clock that does not jump.
    let milliseconds: Int
    let value: Int

    private static let longestOffset = 1 << 48 - 1
    private static let longestTime = 1 << 36 - 1
    private static let greatestValue = 1 << 23 - 1

    init(_ kind: Kind, offset: Int, milliseconds: Int, value: Int = 0) {
        self.kind = kind
        self.offset = min(offset, Self.longestOffset)
        self.milliseconds = min(max(milliseconds, 0), Self.longestTime)
        self.value = min(max(value, -Self.greatestValue), Self.greatestValue)
    }

    /// Nothing if this is no entry, such as a torn one, or the zeros that a file may end in after a
    /// power cut.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        let place = LittleEndian.number(bytes.prefix(8))
        let rest = LittleEndian.number(bytes.suffix(8))
        offset = Int(truncatingIfNeeded: place) & Self.longestOffset
        milliseconds = Int(truncatingIfNeeded: rest) & Self.longestTime
        // Shifted as a signed number, so that a code below 0 stays one.
        value = Int(Int64(bitPattern: rest) >> 40)
        guard let kind = Kind(rawValue: UInt8(rest >> 36 & 15)),
            place >> 48 == Self.check(UInt64(offset), rest)
        else {
            return nil
        }
        self.kind = kind
    }

    /// From the least bit on: 48 of the offset, 16 to check; 36 of the time, 4 of the kind, 24 of
    /// the value.
    func write(to output: inout [UInt8]) {
        let rest =
            UInt64(bitPattern: Int64(value)) << 40 | UInt64(kind.rawValue) << 36
            | UInt64(milliseconds)
        let place = UInt64(offset) | Self.check(UInt64(offset), rest) << 48
        LittleEndian.write(place, bytes: 8, to: &output)
        LittleEndian.write(rest, bytes: 8, to: &output)
    }

    private static func check(_ offset: UInt64, _ rest: UInt64) -> UInt64 {
        let mixed = (offset &* 0x9E37_79B9_7F4A_7C15) ^ rest
        return ((mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9) >> 48
    }
}

/// Numbers in files, the least byte first.
enum LittleEndian {
    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func write(_ number: UInt64, bytes count: Int, to output: inout [UInt8]) {
        for index in 0..<count { output.append(UInt8(number >> UInt64(8 * index) & 0xFF)) }
    }
}
