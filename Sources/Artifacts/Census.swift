import CSystem
import Cryptography
import Dispatch
import Glibc
import Synchronization

/// Goes through a tree, and keeps of it no more than the files that are to be read next, and those
/// that are being read meanwhile.
struct Census: ~Copyable {
    /// Files that are read at once, and the folders they may lie in: each of those is held open.
    private static let filesAtOnce = 4_096
    private static let foldersAtOnce = 128
    private static let deepest = 200
    private static let most = 2_000_000

    private let output: String
    private let settling: Settling
    private var hash = SHA256()
    private var count = 0
    private var batch = Batch()
    private var folders = 0
    private var beingRead: Reading?
    private(set) var size = 0

    init(output: String, settling: Settling) {
        self.output = output
        self.settling = settling
    }

    /// The digest of all lines.
    consuming func finish() throws(ArtifactError) -> String {
        try read()
        try takeDigests()
        return hash.hex()
    }

    mutating func take(_ folder: OpenFolder, at path: [UInt8], depth: Int) throws(ArtifactError) {
        guard depth <= Self.deepest else {
            throw ArtifactError("output '\(output)' is deeper than \(Self.deepest) folders")
        }
        for name in try folder.names() {
            guard count < Self.most else {
                throw ArtifactError("output '\(output)' has more than \(Self.most) entries")
            }
            let inner = path.isEmpty ? name.bytes : path + [0x2F] + name.bytes
            guard let status = folder.status(name) else { throw .system("read '\(name.shown)'") }
            if status.isFolder {
                try settle(name, in: folder, status, mode: status.st_mode & 0o777 | 0o700)
                guard let open = folder.folder(name) else { throw .system("open '\(name.shown)'") }
                if case .nothing = settling {} else { slipway_strip_attributes(open.descriptor) }
                try add("d", "", inner)
                try take(open, at: inner, depth: depth + 1)
            } else if status.isLink {
                try takeLink(name, in: folder, at: inner, depth: depth)
            } else if status.isFile {
                let mode = status.st_mode & 0o777 | 0o400
                try settle(name, in: folder, status, mode: mode)
                size += Int(status.st_size)
                try add("f", mode & 0o111 == 0 ? "-" : "x", inner, file: (folder, name))
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
        try add("l", EntryName(target).shown.isEmpty ? "" : SHA256.hex(of: target), path)
    }

    /// What may be set by bits beyond reading, writing and running is gone. Should a link have come
    /// in its place by now, it is not followed.
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
                unsafe fchmodat(folder.descriptor, name, mode, AT_SYMLINK_NOFOLLOW) == 0
            }
        }
        guard isDone else { throw .system("take over '\(name.shown)'") }
    }

    private mutating func add(
        _ kind: String, _ note: String, _ path: [UInt8], file: Batch.File? = nil
    ) throws(ArtifactError) {
        if let file {
            if batch.files.last?.folder !== file.folder { folders += 1 }
            batch.files.append(file)
        }
        // A name may hold anything but a zero, so a zero ends it.
        let text = Array(kind.utf8) + Array(note.utf8) + [0x20] + path + [0]
        batch.lines.append((text, file == nil ? nil : batch.files.count - 1))
        count += 1
        if batch.lines.count >= Self.filesAtOnce || folders >= Self.foldersAtOnce { try read() }
    }

    /// Has the files so far read, while the tree is looked through further.
    private mutating func read() throws(ArtifactError) {
        try takeDigests()
        beingRead = Reading(batch)
        batch = Batch()
        folders = 0
    }

    private mutating func takeDigests() throws(ArtifactError) {
        guard let read = beingRead.take() else { return }
        let digests = try read.digests()
        for line in unsafe read.batch.lines {
            hash.update(line.text)
            if let file = line.file { hash.update(Array(digests[file].utf8)) }
            hash.update([0x0A])
        }
    }
}

/// Lines of a census, and the files whose digests belong to them.
struct Batch {
    typealias File = (folder: OpenFolder, name: EntryName)

    var lines: [(text: [UInt8], file: Int?)] = []
    var files: [File] = []
}

/// A batch whose files are being read, by another thread if one is free before they are needed.
private final class Reading: Sendable {
    // Only looked at from now on, by whoever reads and whoever waits for that.
    nonisolated(unsafe) let batch: Batch
    private let isBegun = Atomic<Bool>(false)
    private let done = DispatchSemaphore(value: 0)
    private let result = Mutex<Result<[String], ArtifactError>?>(nil)

    init(_ batch: Batch) {
        unsafe self.batch = batch
        DispatchQueue.global().async { self.begin() }
    }

    func digests() throws(ArtifactError) -> [String] {
        begin()
        done.wait()
        return try result.withLock { $0 }?.get() ?? []
    }

    /// Reads, unless somebody does already.
    private func begin() {
        guard !isBegun.exchange(true, ordering: .relaxed) else { return }
        let read = Result { () throws(ArtifactError) in
            try unsafe Hashing.digests(of: batch.files)
        }
        result.withLock { $0 = read }
        done.signal()
    }
}
