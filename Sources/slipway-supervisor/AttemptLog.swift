import Attempts
import Glibc

/// What the commands print, on its way into the log.
struct AttemptLog: ~Copyable {
    private static let bufferSize = 256 << 10
    private static let complaintPrefix = Array("bwrap: ".utf8)

    private let file: Int32
    private let limit: Int
    private var buffer = [UInt8](repeating: 0, count: bufferSize)
    /// How much is in the log, and how much was printed.
    private(set) var position = 0
    private(set) var wanted = 0
    private var head: [UInt8] = []

    var dropped: Int { wanted - position }

    static func open(
        _ folder: AttemptFolder, limit: Int?, secrets: [HandedSecret]
    ) throws(FieldError) -> AttemptLog {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
        let file = unsafe Glibc.open(folder.log, flags, 0o600)
        guard file >= 0 else {
            throw FieldError("cannot make the log: \(unsafe String(cString: strerror(errno)))")
        }
        return AttemptLog(file: file, limit: limit ?? .max)
    }

    private init(file: Int32, limit: Int) {
        self.file = file
        self.limit = limit
    }

    deinit { Glibc.close(file) }

    /// Takes what there is; false when nobody can write any more.
    mutating func take(from output: Int32) -> Bool {
        let count = unsafe read(output, &buffer, Self.bufferSize)
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        guard count > 0 else { return false }
        wanted += count
        let kept = min(count, limit - position)
        if head.count < 300 { head += buffer[..<min(kept, 300)] }
        put(kept)
        return true
    }

    private mutating func put(_ count: Int) {
        var done = 0
        while done < count {
            let written = unsafe buffer.withUnsafeBytes { bytes in
                unsafe write(file, bytes.baseAddress?.advanced(by: done), count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { break }
            done += written
        }
        position += done
    }

    /// What bubblewrap said, if it was the first to say anything.
    var complaint: String? {
        guard head.starts(with: Self.complaintPrefix) else { return nil }
        let line = head.prefix { $0 != UInt8(ascii: "\n") }
        return String(decoding: line, as: UTF8.self)
    }

    mutating func close(lost: Bool) {
        guard dropped > 0 else { return }
        let text =
            "\n… \(dropped) bytes more were not kept"
            + (lost ? ": the limit is \(limit) bytes\n" : "\n")
        let line = Array(text.utf8)
        _ = unsafe write(file, line, line.count)
    }
}
