import CSystem
import Cryptography
import Dispatch
import Glibc
import Synchronization

/// Reads many files at once, as many as there are processors.
enum Hashing {
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
        slipway_strip_attributes(file)
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
