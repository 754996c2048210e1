import JSON

/// A piece of a log as server-sent events. A line of a log may hold anything, also what would end a
/// line of an event; so each piece is sent as a JSON text. The event's id is the place behind it.
package enum LogText {
    /// How much one event holds.
    static let longest = 16 << 10

    /// The events, and the place to go on from: letters that are not whole yet wait for the rest.
    package static func events(
        of bytes: [UInt8], at offset: Int, isEnd: Bool
    ) -> (text: [UInt8], next: Int) {
        var text: [UInt8] = []
        var rest = bytes[...]
        var place = offset
        while !rest.isEmpty {
            var piece = rest.prefix(longest)
            if piece.count < rest.count || !isEnd { piece = piece.dropLast(tornTail(of: piece)) }
            if piece.isEmpty { break }
            place += piece.count
            let json = JSON.string(String(decoding: piece, as: UTF8.self)).text
            text += "id: \(place)\nevent: log\ndata: \(json)\n\n".utf8
            rest = rest.dropFirst(piece.count)
        }
        return (text, place)
    }

    static func end(at offset: Int) -> [UInt8] {
        Array("id: \(offset)\nevent: end\ndata: {\"size\":\(offset)}\n\n".utf8)
    }

    /// How many bytes at the end are the beginning of a letter.
    private static func tornTail(of bytes: ArraySlice<UInt8>) -> Int {
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.endIndex - count]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > count ? count : 0
        }
        return 0
    }
}
