/// An archive as nobody's program writes it who does not wish harm: whatever its names are.
struct SampleTar {
    private(set) var bytes: [UInt8] = []

    mutating func addFile(_ name: String, _ content: [UInt8]) {
        var head = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            for (index, byte) in text.utf8.enumerated() { head[place + index] = byte }
        }
        func octal(_ number: Int, digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.utf8.count) + text
        }
        put(name, at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(content.count, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("        0", at: 148)
        put("ustar\u{0}00", at: 257)
        put(octal(head.reduce(0) { $0 + Int($1) }, digits: 6) + "\u{0} ", at: 148)
        bytes += head + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    mutating func finish() { bytes += [UInt8](repeating: 0, count: 1_024) }
}
