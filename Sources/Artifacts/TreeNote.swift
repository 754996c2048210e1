import Glibc

/// What lies beside a tree in the store: when it was last known to be whole, and how large it is.
struct TreeNote: Equatable {
    /// The entry of its folder that is the tree itself.
    static let tree = EntryName("tree")
    private static let name = "note"
    private static let longest = 256

    /// The start of the machine in which it was kept, or read and found whole.
    let boot: String
    let size: Int

    init(boot: String, size: Int) {
        self.boot = boot
        self.size = size
    }

    /// Nothing if there is none, or it was cut off.
    static func read(in folder: String) -> TreeNote? {
        let file = unsafe open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: longest)
        let count = unsafe Glibc.read(file, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let lines = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n")
        guard lines.count == 3, let size = Int(lines[1]), lines[2] == "end" else { return nil }
        return TreeNote(boot: String(lines[0]), size: size)
    }

    func write(in folder: OpenFolder) throws(ArtifactError) {
        let part = "\(Self.name).\(getpid())"
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let file = unsafe openat(folder.descriptor, part, flags, 0o644)
        guard file >= 0 else { throw .system("write a note") }
        defer { close(file) }
        let bytes = Array("\(boot)\n\(size)\nend\n".utf8)
        guard unsafe Glibc.write(file, bytes, bytes.count) == bytes.count,
            unsafe renameat(folder.descriptor, part, folder.descriptor, Self.name) == 0
        else { throw .system("write a note") }
    }
}
