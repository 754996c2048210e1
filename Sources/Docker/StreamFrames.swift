/// What a container prints, as the Engine sends it: each piece behind a header of eight bytes that
/// says which stream it is of and how long it is. Pieces and headers arrive cut anywhere.
package struct StreamFrames: Hashable, Sendable {
    private static let headerLength = 8

    private var header: [UInt8] = []
    /// Of the piece whose header was read.
    private var missing = 0
    /// What came is no such stream, so that nothing after it can be understood.
    package private(set) var isBroken = false

    package init() {}

    /// Gives the text of both streams in the order it came.
    package mutating func feed(_ bytes: some Sequence<UInt8>, _ take: (UInt8) -> Void) {
        for byte in bytes {
            if isBroken { return }
            if missing > 0 {
                take(byte)
                missing -= 1
                continue
            }
            header.append(byte)
            guard header.count == Self.headerLength else { continue }
            // 0 is what went in, 1 and 2 what came out, 3 what the Engine says itself.
            isBroken = header[0] > 3 || header[1] != 0 || header[2] != 0 || header[3] != 0
            missing = header[4...].reduce(0) { $0 << 8 | Int($1) }
            header.removeAll(keepingCapacity: true)
        }
    }

    package mutating func text(of bytes: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        feed(bytes) { text.append($0) }
        return text
    }
}
