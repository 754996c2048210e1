package import Attempts
import Glibc

extension AttemptFolder {
    /// What its test reports told, if it was to write any.
    package var tests: String { "\(path)/tests" }
}

/// The file with an attempt's tests: it appears whole, and goes with the attempt's folder.
package enum TestRecordFile {
    private static let most = 2 * ReportLimits.keptBytes
    /// Longer than any summary is.
    private static let summaryBytes = 256 << 10

    package static func exists(in folder: AttemptFolder) -> Bool {
        unsafe access(folder.tests, F_OK) == 0
    }

    /// Nothing if all went well, or why it could not be written.
    package static func write(_ record: [UInt8], in folder: AttemptFolder) -> String? {
        let part = "\(folder.tests).part"
        let file = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return problem("make '\(part)'") }
        defer { close(file) }
        var rest = record[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.write(file, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let problem = problem("write '\(part)'")
                _ = unsafe unlink(part)
                return problem
            }
            rest = rest.dropFirst(count)
        }
        return unsafe rename(part, folder.tests) == 0 ? nil : problem("make '\(folder.tests)'")
    }

    /// Nothing if there is none, or it is damaged.
    package static func read(in folder: AttemptFolder) -> TestRecord? {
        bytes(of: folder.tests, atMost: most).flatMap { try? TestRecord($0) }
    }

    /// The same for what a line tells of it, without the rest.
    package static func summary(in folder: AttemptFolder) -> TestSummary? {
        guard let bytes = bytes(of: folder.tests, atMost: summaryBytes),
            let first = Fields.first(of: bytes), first.name == "summary"
        else { return nil }
        return try? TestSummary(Fields(parsing: first.value))
    }

    private static func bytes(of path: String, atMost most: Int) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(most, 1 << 18))
        while bytes.count < most {
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func problem(_ operation: String) -> String {
        "cannot \(operation): \(unsafe String(cString: strerror(errno)))"
    }
}

extension Fields {
    /// The first field of bytes that may end in the middle of a later one.
    fileprivate static func first(of bytes: [UInt8]) -> Entry? {
        guard let space = bytes.prefix(64).firstIndex(of: UInt8(ascii: " ")),
            let end = bytes[space...].prefix(16).firstIndex(of: UInt8(ascii: "\n")),
            let length = Int(String(decoding: bytes[(space + 1)..<end], as: UTF8.self)),
            length >= 0, bytes.count - end > length + 1
        else { return nil }
        return (try? Fields(parsing: Array(bytes[...(end + 1 + length)])))?.entries.first
    }
}
