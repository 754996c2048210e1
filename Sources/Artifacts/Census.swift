import Cryptography
import Glibc

/// Everything in a tree, before its files are read.
struct Census {
    struct Line {
        let text: [UInt8]
        let file: Int?
    }

    private static let deepest = 200
    private static let most = 2_000_000

    let output: String
    let settling: Settling
    private(set) var size = 0
    private(set) var lines: [Line] = []
    private(set) var files: [(folder: OpenFolder, name: EntryName)] = []

    init(output: String, settling: Settling) {
        self.output = output
        self.settling = settling
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
                try settle(name, in: folder, status, mode: status.st_mode & 0o777 | 0o700)
                guard let open = folder.folder(name) else { throw .system("open '\(name.shown)'") }
                add("d", "", inner)
                try take(open, at: inner, depth: depth + 1)
            } else if status.isLink {
                try takeLink(name, in: folder, at: inner, depth: depth)
            } else if status.isFile {
                let mode = status.st_mode & 0o777 | 0o400
                try settle(name, in: folder, status, mode: mode)
                size += Int(status.st_size)
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
        if case .all(let user, let group) = settling {
            _ = unsafe name.withCString { name in
                unsafe fchownat(folder.descriptor, name, user, group, AT_SYMLINK_NOFOLLOW)
            }
        }
        add("l", EntryName(target).shown.isEmpty ? "" : SHA256.hex(of: target), path)
    }

    private func settle(
        _ name: EntryName, in folder: OpenFolder, _ status: stat, mode: mode_t
    ) throws(ArtifactError) {
        var isDone = true
        switch settling {
        case .nothing: return
        case .modes: break
        case .all(let user, let group):
            if status.st_uid == user, status.st_gid == group { break }
            isDone = unsafe name.withCString { name in
                unsafe fchownat(folder.descriptor, name, user, group, AT_SYMLINK_NOFOLLOW) == 0
            }
        }
        if isDone, status.st_mode & 0o7777 != mode {
            isDone = unsafe name.withCString { name in
                unsafe fchmodat(folder.descriptor, name, mode, 0) == 0
            }
        }
        guard isDone else { throw .system("take over '\(name.shown)'") }
    }

    private mutating func add(_ kind: String, _ note: String, _ path: [UInt8], file: Int? = nil) {
        // A name may hold anything but a zero, so a zero ends it.
        lines.append(
            Line(text: Array(kind.utf8) + Array(note.utf8) + [0x20] + path + [0], file: file))
    }
}
