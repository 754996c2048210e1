import FoundationEssentials
import Logs
import Support
import Testing

/// A log in a folder of its own.
struct Sample {
    let folder: Folder
    let place: LogPlace

    init() throws {
        folder = try Folder()
        place = LogPlace(folder.file("log"))
    }

    /// A log of this text, closed.
    init(_ text: [UInt8]) throws {
        try self.init()
        var log = try LogWriter.create(place, limit: nil)
        log.append(text.span)
        #expect(log.close(at: 0).failure == nil)
    }

    var text: String { get throws { try folder.text(of: "log") } }

    static func bytes(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// All of the log, read in pieces of this size.
    func read(by size: Int = 300_000, from offset: Int = 0) throws -> [UInt8] {
        var reader = try LogReader.open(place)
        var bytes: [UInt8] = []
        var next = offset
        while true {
            let piece = try reader.read(from: next, upTo: size)
            #expect(piece.next == next + piece.bytes.count)
            if piece.bytes.isEmpty { return bytes }
            bytes += piece.bytes
            next = piece.next
        }
    }

    func index() throws -> LogIndex {
        var reader = try LogReader.open(place)
        return try reader.index()
    }

    /// Numbered lines, so that no stretch is like another.
    static func lines(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { Array("line \($0) of a log that is long enough\n".utf8) }
    }
}

extension LogWriter {
    mutating func append(_ text: String) { append(Array(text.utf8).span) }
}
