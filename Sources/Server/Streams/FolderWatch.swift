import Dispatch
import Glibc
import Synchronization

/// Tells of files that change in folders, however many watch them, by one descriptor of the
/// kernel's and without a thread that waits.
final class FolderWatch: Sendable {
    private struct Watches: Sendable {
        var folders: [Int32: String] = [:]
        var descriptors: [String: Int32] = [:]
        var wakes: [String: [Int: @Sendable () -> Void]] = [:]
        var next = 0
    }

    private let watches = Mutex(Watches())
    private let descriptor: Int32
    // Dispatch sources can be used from any thread; they are only not marked so.
    nonisolated(unsafe) private let source: (any DispatchSourceRead)?

    init() {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        self.descriptor = descriptor
        guard descriptor >= 0 else {
            // Too many watch already on this machine. The pulse wakes streams too, only later.
            unsafe source = nil
            return
        }
        let source = DispatchSource.makeReadSource(
            fileDescriptor: descriptor, queue: DispatchQueue(label: "slipway.folders"))
        unsafe self.source = source
        source.setEventHandler { [weak self] in self?.hear() }
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    deinit { unsafe source?.cancel() }

    /// How many folders are watched.
    var count: Int { watches.withLock { $0.descriptors.count } }

    /// Wakes when something in the folder changes; nothing if the folder is not there.
    func listen(to folder: String, _ wake: @escaping @Sendable () -> Void) -> Listening? {
        let key: Int? = watches.withLock { watches in
            if watches.descriptors[folder] == nil {
                let events = IN_MODIFY | IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR
                let watch = unsafe inotify_add_watch(descriptor, folder, UInt32(events))
                guard watch >= 0 else { return nil }
                watches.descriptors[folder] = watch
                watches.folders[watch] = folder
            }
            watches.next += 1
            watches.wakes[folder, default: [:]][watches.next] = wake
            return watches.next
        }
        guard let key else { return nil }
        return Listening { [weak self] in self?.stop(key, folder) }
    }

    private func stop(_ key: Int, _ folder: String) {
        watches.withLock { watches in
            watches.wakes[folder]?[key] = nil
            guard watches.wakes[folder]?.isEmpty == true else { return }
            watches.wakes[folder] = nil
            guard let watch = watches.descriptors.removeValue(forKey: folder) else { return }
            watches.folders[watch] = nil
            _ = inotify_rm_watch(descriptor, watch)
        }
    }

    private func hear() {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        var heard = Set<Int32>()
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            var index = 0
            while index + MemoryLayout<inotify_event>.size <= count {
                let event = unsafe buffer.withUnsafeBytes { bytes in
                    unsafe bytes.loadUnaligned(fromByteOffset: index, as: inotify_event.self)
                }
                heard.insert(event.wd)
                index += MemoryLayout<inotify_event>.size + Int(event.len)
            }
        }
        let wakes = watches.withLock { watches -> [@Sendable () -> Void] in
            // -1 says that the kernel could not keep up: then anything may have changed.
            if heard.contains(-1) { return watches.wakes.values.flatMap(\.values) }
            return heard.compactMap { watches.folders[$0] }.flatMap { folder in
                watches.wakes[folder].map { Array($0.values) } ?? []
            }
        }
        for wake in wakes { wake() }
    }
}
