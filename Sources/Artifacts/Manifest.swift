import Cryptography
import Dispatch
import Glibc
import Synchronization

/// What a tree holds, in an order of its own, as bytes: their digest names the tree.
struct Manifest: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var files = 0

    var digest: String { SHA256.hex(of: bytes) }

    /// Looks at every entry of a tree that was just gathered, makes modes and owners what the
    /// store wants, and refuses what no artifact can hold.
    static func of(
        _ root: OpenFolder, output path: String, owner: (uid_t, gid_t)?
    ) throws(ArtifactError) -> Manifest {
        var census = Census(output: path, owner: owner)
        try census.take(root, at: [], depth: 0)
        let digests = try Hashing.digests(of: census.files)
        var manifest = Manifest()
        manifest.files = census.files.count
        for (index, line) in census.lines.enumerated() {
            manifest.bytes += line.text
            if let file = line.file { manifest.bytes += Array(digests[file].utf8) }
            if index < census.lines.count { manifest.bytes.append(0x0A) }
        }
        return manifest
    }
}

/// Everything in a tree, before its files are read.
private struct Census {
    struct Line {
        let text: [UInt8]
        let file: Int?
    }

    private static let deepest = 200
    private static let most = 2_000_000

    let output: String
    let owner: (uid_t, gid_t)?
    private(set) var lines: [Line] = []
    private(set) var files: [(folder: OpenFolder, name: EntryName)] = []

    init(output: String, owner: (uid_t, gid_t)?) {
        self.output = output
        self.owner = owner
    }

    mutating func take(_ folder: OpenFolder, at path: [UInt8], depth: Int) throws(ArtifactError) {
        guard depth <= Self.deepest else {
            throw ArtifactError("output '\(output)' is deeper than \(Self.deepest) folders")
        }
        for name in try folder.names() {
            guard lines.count < Self.most else {
                throw ArtifactError("output '\(output)' has more than \(Self.most) entries")
            }
            let inner = path.isEmpty ? name.bytes : path + [0x2F] + name.bytes
            guard let status = folder.status(name) else { throw .system("read '\(name.shown)'") }
            if status.isFolder {
                try settle(name, in: folder, mode: status.st_mode & 0o777 | 0o700)
                guard let open = folder.folder(name) else { throw .system("open '\(name.shown)'") }
                add("d", "", inner)
                try take(open, at: inner, depth: depth + 1)
            } else if status.isLink {
                try takeLink(name, in: folder, at: inner, depth: depth)
            } else if status.isFile {
                let mode = status.st_mode & 0o777 | 0o400
                try settle(name, in: folder, mode: mode)
                add("f", mode & 0o111 == 0 ? "-" : "x", inner, file: files.count)
                files.append((folder, name))
            } else {
                throw ArtifactError(
                    "'\(EntryName(inner).shown)' in output '\(output)' is \(status.kind), and not "
                        + "a file, a folder or a link: remove it before the action ends")
            }
        }
    }

    /// A link may point to anything in the tree, and to nothing outside of it.
    private mutating func takeLink(
        _ name: EntryName, in folder: OpenFolder, at path: [UInt8], depth: Int
    ) throws(ArtifactError) {
        guard let target = folder.link(name) else { throw .system("read link '\(name.shown)'") }
        var level = depth
        var isInside = target.first != 0x2F
        for part in target.split(separator: 0x2F) where isInside {
            if part == [0x2E, 0x2E] { level -= 1 } else if part != [0x2E] { level += 1 }
            isInside = level >= 0
        }
        guard isInside else {
            throw ArtifactError(
                "'\(EntryName(path).shown)' in output '\(output)' is a link to "
                    + "'\(EntryName(target).shown)', outside of the output: make it a file, or "
                    + "point it into the output")
        }
        if let owner {
            _ = unsafe name.withCString { name in
                unsafe fchownat(folder.descriptor, name, owner.0, owner.1, AT_SYMLINK_NOFOLLOW)
            }
        }
        add("l", EntryName(target).shown.isEmpty ? "" : SHA256.hex(of: target), path)
    }

    /// What may be set by bits beyond reading, writing and running is gone.
    private func settle(_ name: EntryName, in folder: OpenFolder, mode: mode_t)
        throws(ArtifactError)
    {
        let done = unsafe name.withCString { name in
            if let owner,
                unsafe fchownat(folder.descriptor, name, owner.0, owner.1, AT_SYMLINK_NOFOLLOW) != 0
            {
                return false
            }
            return unsafe fchmodat(folder.descriptor, name, mode, 0) == 0
        }
        guard done else { throw .system("take over '\(name.shown)'") }
    }

    private mutating func add(_ kind: String, _ note: String, _ path: [UInt8], file: Int? = nil) {
        // A name may hold anything but a zero, so a zero ends it.
        lines.append(
            Line(text: Array(kind.utf8) + Array(note.utf8) + [0x20] + path + [0], file: file))
    }
}

/// Reads many files at once, as many as there are processors.
private enum Hashing {
    static func digests(
        of files: [(folder: OpenFolder, name: EntryName)]
    ) throws(ArtifactError) -> [String] {
        let workers = min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), max(1, files.count))
        let next = Atomic<Int>(0)
        let results = Mutex<[Int: String]>([:])
        // Only read from several threads at once, and not changed while they do.
        nonisolated(unsafe) let files = files
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            var buffer = [UInt8](repeating: 0, count: 1 << 17)
            var mine: [Int: String] = [:]
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard unsafe index < files.count else { break }
                let (folder, name) = unsafe files[index]
                if let digest = digest(folder.file(name), &buffer) { mine[index] = digest }
            }
            results.withLock { $0.merge(mine) { first, _ in first } }
        }
        let digests = results.withLock { $0 }
        guard unsafe digests.count == files.count else {
            throw ArtifactError("a file of the output could not be read")
        }
        return unsafe files.indices.map { digests[$0] ?? "" }
    }

    private static func digest(_ file: Int32, _ buffer: inout [UInt8]) -> String? {
        guard file >= 0 else { return nil }
        defer { close(file) }
        var hash = SHA256()
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe read(file, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return hash.hex() }
            unsafe hash.update(buffer.span.extracting(0..<count).bytes)
        }
    }
}
