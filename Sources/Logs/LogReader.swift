import Glibc

/// Reads a log from any of its bytes on, whether it still grows, is closed or is compressed. One
/// reader holds a megabyte of a compressed log at most, and of a plain one nothing.
package struct LogReader: ~Copyable {
    private let place: LogPlace
    private let file: LogFile
    /// Nothing where the log is plain.
    private let table: SeekTable?
    /// The frame that was read last.
    private var frame: (place: Int, bytes: [UInt8]) = (-1, [])
    private var times = LogIndex()
    /// How much of the index file is in `times`; nothing once it cannot be read further.
    private var indexed: Int? = 0

    package static func open(_ place: LogPlace) throws(LogError) -> LogReader {
        do throws(LogError) {
            return LogReader(place, try LogFile.open(place.plain, O_RDONLY, to: "read"), nil)
        } catch {
            // The compressed one is there before the plain one goes.
            guard error.kind == .notFound, unsafe access(place.compressed, F_OK) == 0 else {
                throw error
            }
            let file = try LogFile.open(place.compressed, O_RDONLY, to: "read")
            let table = try SeekTable(of: file)
            return LogReader(place, file, table)
        }
    }

    private init(_ place: LogPlace, _ file: consuming LogFile, _ table: SeekTable?) {
        self.place = place
        self.file = file
        self.table = table
    }

    /// How many bytes the log now has.
    package func length() throws(LogError) -> Int {
        guard let table else { return try file.size() }
        return table.length
    }

    /// Up to `count` bytes from `offset` on; fewer only where the log now ends. The next read goes
    /// on at `next`.
    package mutating func read(from offset: Int, upTo count: Int) throws(LogError) -> LogPiece {
        let offset = max(offset, 0)
        guard let table else {
            let there = max(0, try file.size() - offset)
            let bytes = try file.read(from: offset, upTo: min(max(count, 0), there))
            return LogPiece(bytes: bytes, next: offset + bytes.count)
        }
        var bytes: [UInt8] = []
        while bytes.count < count, offset + bytes.count < table.length {
            let place = table.frame(at: offset + bytes.count)
            let skipped = offset + bytes.count - table.frames[place].plain.lowerBound
            bytes += try plain(place, of: table).dropFirst(skipped).prefix(count - bytes.count)
        }
        return LogPiece(bytes: bytes, next: offset + bytes.count)
    }

    /// The times and steps, as far as they are written. Each call reads only what is new.
    package mutating func index() throws(LogError) -> LogIndex {
        guard var next = indexed else { return times }
        let file: LogFile
        do throws(LogError) {
            file = try LogFile.open(place.index, O_RDONLY, to: "read")
        } catch {
            // A log without its index is still a log.
            guard error.kind == .notFound else { throw error }
            return times
        }
        let bytes = try file.read(from: next, upTo: max(0, try file.size() - next))
        var rest = bytes[...]
        // What is left is torn, or is being written just now.
        while rest.count >= LogEntry.size {
            guard let entry = LogEntry(rest.prefix(LogEntry.size)), times.add(entry) else {
                indexed = nil
                return times
            }
            rest = rest.dropFirst(LogEntry.size)
            next += LogEntry.size
        }
        indexed = next
        return times
    }

    private mutating func plain(_ place: Int, of table: SeekTable) throws(LogError) -> [UInt8] {
        if frame.place == place { return frame.bytes }
        let wanted = table.frames[place]
        let bytes = try file.read(from: wanted.place.lowerBound, upTo: wanted.place.count)
        guard let plain = LogFrame.plain(bytes, count: wanted.plain.count) else {
            throw LogError.damaged(file.path, "its frame \(place + 1) is damaged")
        }
        frame = (place, plain)
        return plain
    }
}

/// What a reader got.
package struct LogPiece: Hashable, Sendable {
    package let bytes: [UInt8]
    package let next: Int

    package init(bytes: [UInt8], next: Int) {
        self.bytes = bytes
        self.next = next
    }
}
