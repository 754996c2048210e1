/// The beginning of a text, and whether there was more of it.
package struct BoundedText: Hashable, Sendable {
    package private(set) var bytes: [UInt8] = []
    package private(set) var isCut = false

    package init() {}

    package init(_ text: String, atMost limit: Int = .max) {
        append(Array(text.utf8)[...], limit)
    }

    package mutating func append(_ more: ArraySlice<UInt8>, _ limit: Int) {
        guard !isCut else { return }
        let room = limit - bytes.count
        guard more.count > room else {
            bytes += more
            return
        }
        bytes += more.prefix(room)
        cut()
    }

    package var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } }

    /// Ends before a character that is not whole.
    private mutating func cut() {
        isCut = true
        let tail = min(3, bytes.reversed().prefix { $0 & 0xC0 == 0x80 }.count)
        guard tail < bytes.count else { return }
        let lead = bytes[bytes.count - tail - 1]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
        if length > tail + 1 { bytes.removeLast(tail + 1) }
    }
}
