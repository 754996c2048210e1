import Git
import Glibc

/// Hears when the refs of repositories on this machine change, whoever changes them.
struct RefWatch: ~Copyable {
    /// How many folders are listened to: the kernel has a limit for all of a user's programs.
    static let maximumFolders = 8_192
    private static let deepest = 16
    private static let files = UInt32(IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_MODIFY | IN_ONLYDIR)

    let descriptor: Int32
    private struct Folder {
        let remote: String
        let path: String
        let depth: Int
    }

    private var folders: [Int32: Folder] = [:]
    private var remotes: Set<String> = []

    /// What was heard: the remotes that something has happened to.
    struct Heard {
        var remotes: Set<String> = []
        /// Too much has happened at once: anything may have.
        var isAll = false
    }

    init() { descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC)) }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Listens to these and to no others; tells which of them it can hear.
    mutating func watch(_ wanted: [String: String]) -> Set<String> {
        for (number, folder) in folders where wanted[folder.remote] == nil {
            inotify_rm_watch(descriptor, number)
            folders[number] = nil
        }
        remotes.formIntersection(wanted.keys)
        for (remote, path) in wanted where !remotes.contains(remote) {
            guard let own = GitFolder.find(path) else { continue }
            if add(own, remote, 0), add("\(own)/refs", remote, 1) { remotes.insert(remote) }
        }
        return remotes
    }

    /// False if the folder, or one in it, could not be listened to.
    private mutating func add(_ path: String, _ remote: String, _ depth: Int) -> Bool {
        guard depth <= Self.deepest, folders.count < Self.maximumFolders else { return false }
        let number = unsafe inotify_add_watch(descriptor, path, Self.files)
        guard number >= 0 else { return false }
        folders[number] = Folder(remote: remote, path: path, depth: depth)
        guard depth > 0 else { return true }
        // Listed after it is listened to, so that nothing is made unheard in between.
        return Self.folders(in: path).allSatisfy { add("\(path)/\($0)", remote, depth + 1) }
    }

    mutating func heard() -> Heard {
        var heard = Heard()
        var space = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe read(descriptor, &space, space.count)
            guard count > 0 else { return heard }
            var place = 0
            while place + 16 <= count {
                let number = Int32(bitPattern: Self.word(space, at: place))
                let mask = Self.word(space, at: place + 4)
                let length = Int(Self.word(space, at: place + 12))
                let end = min(place + 16 + length, count)
                let name = space[(place + 16)..<end].prefix { $0 != 0 }
                take(number, mask, String(decoding: name, as: UTF8.self), &heard)
                place = end
            }
        }
    }

    private mutating func take(
        _ number: Int32, _ mask: UInt32, _ name: String, _ heard: inout Heard
    ) {
        if mask & UInt32(IN_Q_OVERFLOW) != 0 { heard.isAll = true }
        guard let folder = folders[number] else { return }
        if mask & UInt32(IN_IGNORED) != 0 {
            // The folder is gone, with its branches or with its repository; the next time that all
            // are named it is looked for again.
            folders[number] = nil
            if folder.depth < 2 { remotes.remove(folder.remote) }
            heard.remotes.insert(folder.remote)
            return
        }
        guard !name.hasSuffix(".lock") else { return }
        if folder.depth == 0, name != "packed-refs", name != "HEAD" { return }
        if mask & UInt32(IN_ISDIR) != 0, mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 {
            _ = add("\(folder.path)/\(name)", folder.remote, folder.depth + 1)
        }
        heard.remotes.insert(folder.remote)
    }

    private static func word(_ bytes: [UInt8], at place: Int) -> UInt32 {
        bytes[place..<(place + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func folders(in path: String) -> [String] {
        guard let list = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(list) }
        var names: [String] = []
        while let entry = unsafe readdir(list) {
            guard unsafe entry.pointee.d_type == UInt8(DT_DIR),
                let place = MemoryLayout<dirent>.offset(of: \.d_name)
            else { continue }
            let text = unsafe UnsafeRawPointer(entry).advanced(by: place)
            let name = unsafe String(cString: text.assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
