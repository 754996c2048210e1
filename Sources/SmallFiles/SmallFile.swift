package import Glibc

/// Files that fit into the memory, read and written whole.
package enum SmallFile {
    private static let piece = 1 << 14

    /// Up to the end, or to `limit` bytes and little more.
    package static func bytes(
        of path: String, limit: Int = .max
    ) throws(FileProblem) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        try read(descriptor, into: &bytes, limit: limit)
        return bytes
    }

    package static func text(of path: String, limit: Int = .max) throws(FileProblem) -> String {
        String(decoding: try bytes(of: path, limit: limit), as: UTF8.self)
    }

    /// Adds to `bytes` what is left of an open file. What came before a failure is there too.
    package static func read(
        _ descriptor: Int32, into bytes: inout [UInt8], limit: Int = .max
    ) throws(FileProblem) {
        var buffer = [UInt8](repeating: 0, count: piece)
        while bytes.count < limit {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe Glibc.read(descriptor, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last }
            if count == 0 { return }
            bytes += buffer[..<count]
        }
    }

    /// A file that must not be there yet. It is not synced.
    package static func make(
        _ path: String, of bytes: [UInt8], mode: mode_t = 0o600
    ) throws(FileProblem) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
    }

    /// All of it, however little is taken at a time.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileProblem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { space in
                unsafe Glibc.write(descriptor, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .last }
            rest = rest.dropFirst(count)
        }
    }

    /// Whether there is something of that name, as far as one may look.
    package static func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// What a folder holds, in no order; nothing where it cannot be looked at.
    package static func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// What the kernel answered instead of doing it.
package struct FileProblem: Error, Hashable, CustomStringConvertible {
    package let code: Int32

    package init(code: Int32) { self.code = code }

    package static var last: FileProblem { FileProblem(code: errno) }

    package var description: String { unsafe String(cString: strerror(code)) }
}
