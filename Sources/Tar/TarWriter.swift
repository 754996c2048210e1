import Glibc

/// Writes an archive that is the same for the same files, whoever owns them and however old they
/// are: the owner is 0, and the time is one for all.
package struct TarWriter {
    private let time: Int
    private let write: ([UInt8]) throws -> Void

    /// `write` gets the archive piece by piece.
    package init(time: Int = 0, to write: @escaping ([UInt8]) throws -> Void) {
        self.time = time
        self.write = write
    }

    package func addFolder(_ name: String, mode: UInt32 = 0o755) throws {
        try begin("\(name)/", kind: "5", mode: mode)
    }

    package func addLink(_ name: String, to target: String) throws {
        try begin(name, kind: "2", mode: 0o777, link: target)
    }

    package func addFile(_ name: String, mode: UInt32 = 0o644, _ bytes: [UInt8]) throws {
        try begin(name, kind: "0", mode: mode, size: bytes.count)
        try write(bytes)
        try pad(bytes.count)
    }

    package func addFile(_ name: String, mode: UInt32 = 0o644, _ place: FilePlace) throws {
        try begin(name, kind: "0", mode: mode, size: place.size)
        var done = 0
        while done < place.size {
            let piece = try place.file.read(
                at: place.offset + done, atMost: min(256 << 10, place.size - done))
            guard !piece.isEmpty else {
                throw TarProblem(
                    "'\(TarIndex.shown(name))' became shorter while it was read",
                    hint: "let nothing write there meanwhile, and run it again")
            }
            try write(piece)
            done += piece.count
        }
        try pad(place.size)
    }

    /// To be called once, after all entries.
    package func finish() throws { try write([UInt8](repeating: 0, count: 2 * TarHeader.length)) }

    private func begin(
        _ name: String, kind: Unicode.Scalar, mode: UInt32, size: Int = 0, link: String = ""
    ) throws {
        var records: [UInt8] = []
        if name.utf8.count > 100 { records += PaxRecords.record("path", Array(name.utf8)) }
        if link.utf8.count > 100 { records += PaxRecords.record("linkpath", Array(link.utf8)) }
        if size >= 1 << 33 { records += PaxRecords.record("size", Array(String(size).utf8)) }
        if !records.isEmpty {
            try write(block("pax", kind: "x", mode: 0o644, size: records.count, link: ""))
            try write(records)
            try pad(records.count)
        }
        try write(block(name, kind: kind, mode: mode, size: size < 1 << 33 ? size : 0, link: link))
    }

    private func block(
        _ name: String, kind: Unicode.Scalar, mode: UInt32, size: Int, link: String
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: TarHeader.length)
        func put(_ text: some Sequence<UInt8>, at place: Int, atMost most: Int) {
            for (index, byte) in text.prefix(most).enumerated() { block[place + index] = byte }
        }
        func put(_ number: Int, at place: Int, digits: Int) {
            let octal = String(number, radix: 8)
            let zeros = String(repeating: "0", count: max(0, digits - octal.utf8.count))
            put((zeros + octal).utf8, at: place, atMost: digits)
        }
        put(name.utf8, at: 0, atMost: 100)
        put(Int(mode & 0o7777), at: 100, digits: 7)
        put(0, at: 108, digits: 7)
        put(0, at: 116, digits: 7)
        put(size, at: 124, digits: 11)
        put(time, at: 136, digits: 11)
        block[156] = UInt8(ascii: kind)
        put(link.utf8, at: 157, atMost: 100)
        put("ustar\u{0}00".utf8, at: 257, atMost: 8)
        put(TarHeader.sum(of: block), at: 148, digits: 6)
        block[155] = 0x20
        return block
    }

    private func pad(_ size: Int) throws {
        let over = size % TarHeader.length
        if over > 0 { try write([UInt8](repeating: 0, count: TarHeader.length - over)) }
    }
}
