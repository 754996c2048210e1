import Glibc

/// Reads a file line by line in bounded memory.
struct LineReader: ~Copyable {
    /// No record is longer; a file with a longer line is none of ours.
    private static let longest = 16 << 20

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    init(_ path: String) throws(StoreError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Files.failure("read '\(path)'") }
    }

    deinit { close(descriptor) }

    /// Nothing at the end of the file.
    mutating func next() throws(StoreError) -> [UInt8]? {
        while true {
            if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[start..<end])
                start = end + 1
                return line
            }
            if isAtEnd {
                let rest = Array(buffer[start...])
                start = buffer.endIndex
                return rest.isEmpty ? nil : rest
            }
            try fill()
        }
    }

    private mutating func fill() throws(StoreError) {
        buffer.removeSubrange(..<start)
        start = 0
        guard buffer.count <= Self.longest else {
            throw StoreError(
                .corrupt, "read '\(path)'", problem: "a line has more than \(Self.longest) bytes",
                hint: "this is no export of Slipway")
        }
        var space = [UInt8](repeating: 0, count: 1 << 18)
        let count = unsafe space.withUnsafeMutableBytes { space in
            unsafe Glibc.read(descriptor, space.baseAddress, space.count)
        }
        if count < 0, errno == EINTR { return }
        guard count >= 0 else { throw Files.failure("read '\(path)'") }
        if count == 0 { isAtEnd = true }
        buffer += space[..<count]
    }
}

/// Writes a file line by line, and syncs it at the end.
struct LineWriter: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ path: String) throws(StoreError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Files.failure("write '\(path)'") }
    }

    deinit { close(descriptor) }

    mutating func write(_ line: [UInt8]) throws(StoreError) {
        buffer += line
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 18 { try flush() }
    }

    mutating func finish() throws(StoreError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw Files.failure("sync '\(path)'") }
        try Files.sync(folder: Files.folder(of: path))
    }

    private mutating func flush() throws(StoreError) {
        try Files.put(buffer, into: descriptor, path)
        buffer.removeAll(keepingCapacity: true)
    }
}
