import Glibc

/// Puts a compressed log in the place of a closed one, in three steps. Whatever ends it, after
/// each step or within it, the log can be read; and doing all of it again is right. One at a time.
package struct LogCompression: Sendable {
    private let place: LogPlace
    private let level: Int

    package init(of place: LogPlace, level: Int = 3) {
        self.place = place
        self.level = level
    }

    /// All of it, unless `isUnwanted` says on the way that there is no time; false if so. Nothing
    /// is to be done where the plain file is gone already.
    @discardableResult
    package func run(unless isUnwanted: () -> Bool = { false }) throws(LogError) -> Bool {
        if unsafe access(place.plain, F_OK) != 0, errno == ENOENT,
            unsafe access(place.compressed, F_OK) == 0
        {
            return true
        }
        guard try write(unless: isUnwanted) else { return false }
        try putInPlace()
        try removePlain()
        return true
    }

    /// Compresses the log into a file aside, and waits until that is safe.
    @discardableResult
    package func write(unless isUnwanted: () -> Bool = { false }) throws(LogError) -> Bool {
        let plain = try LogFile.open(place.plain, O_RDONLY, to: "read")
        let part = try LogFile.open(place.part, O_WRONLY | O_CREAT | O_TRUNC, to: "write")
        do throws(LogError) {
            guard try compress(plain, into: part, unless: isUnwanted) else {
                unsafe unlink(place.part)
                return false
            }
            try part.sync()
            return true
        } catch {
            unsafe unlink(place.part)
            throw error
        }
    }

    /// From here on there are both, and they say the same.
    package func putInPlace() throws(LogError) {
        guard unsafe rename(place.part, place.compressed) == 0 else {
            throw LogError("rename '\(place.part)'", errno: errno)
        }
        try syncFolder()
    }

    /// Whoever has the plain file open reads on in it.
    package func removePlain() throws(LogError) {
        guard unsafe unlink(place.plain) == 0 else {
            throw LogError("remove '\(place.plain)'", errno: errno)
        }
        try syncFolder()
    }

    private func compress(
        _ plain: borrowing LogFile, into part: borrowing LogFile, unless isUnwanted: () -> Bool
    ) throws(LogError) -> Bool {
        guard var compressor = FrameCompressor.make(level: level) else { throw noMemory }
        var table = SeekTable()
        while true {
            if isUnwanted() { return false }
            let bytes = try plain.read(from: table.length, upTo: SeekTable.longestFrame)
            if bytes.isEmpty { break }
            guard let frame = compressor.compress(bytes) else { throw noMemory }
            if let failure = part.write(frame.span).failure { throw failure }
            table.add(compressed: frame.count, plain: bytes.count)
            // A short one is the last. Whoever still writes must not lose what comes then.
            guard bytes.count == SeekTable.longestFrame else { break }
        }
        guard try plain.size() == table.length else {
            throw LogError(
                .other, "compress '\(place.plain)'", problem: "it is still being written",
                hint: "close it first")
        }
        if let failure = part.write(table.bytes.span).failure { throw failure }
        return true
    }

    private func syncFolder() throws(LogError) {
        try LogFile.open(place.folder, O_RDONLY | O_DIRECTORY, to: "open").sync()
    }

    private var noMemory: LogError { LogError("compress '\(place.plain)'", errno: ENOMEM) }
}
