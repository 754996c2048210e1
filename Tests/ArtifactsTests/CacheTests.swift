import Artifacts
import FoundationEssentials
import Glibc
import Support
import Testing

@Suite("Caches") struct CacheTests {
    private let folder: Folder
    private let store: ArtifactStore

    init() throws {
        folder = try Folder()
        store = try ArtifactStore(at: folder.file("store"), boot: "first")
    }

    /// An artifact of so many bytes.
    private func artifact(_ name: String, size: Int) throws -> String {
        let output = folder.file("work/\(name)")
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        try folder.write(String(repeating: name, count: size), to: "work/\(name)/file")
        return try store.collect(name, from: folder.file("work"), over: [])
    }

    private func shelf(room: Int) throws -> CacheShelf {
        try CacheShelf(at: folder.file("caches"), artifacts: store, room: room)
    }

    /// As if the cache had been used at that time.
    private func use(_ shelf: CacheShelf, _ name: String, at second: Int) throws {
        let before = Set(try names())
        try shelf.put(try artifact(name, size: 100), as: [name])
        for file in try names() where !before.contains(file) {
            let times = [
                timespec(tv_sec: second, tv_nsec: 0), timespec(tv_sec: second, tv_nsec: 0),
            ]
            #expect(unsafe utimensat(AT_FDCWD, folder.file("caches/\(file)"), times, 0) == 0)
        }
    }

    private func names() throws -> [String] {
        try Program.run(["/bin/ls", folder.file("caches")]).output.split(separator: "\n")
            .map(String.init)
    }

    @Test func `hold what was put there, under their whole name only`() throws {
        let shelf = try shelf(room: 1_000)
        let digest = try artifact("a", size: 3)
        try shelf.put(digest, as: ["shop", "main", "deps", "one"])
        #expect(shelf.folder(of: ["shop", "main", "deps", "one"])?.contains(digest) == true)
        #expect(shelf.folder(of: ["shop", "fork", "deps", "one"]) == nil)
        #expect(shelf.folder(of: ["shop", "main", "deps"]) == nil)
    }

    @Test func `forget what was not used for the longest time, when there is no room`() throws {
        let shelf = try shelf(room: 250)
        try use(shelf, "a", at: 1_000)
        try use(shelf, "b", at: 2_000)
        #expect(shelf.folder(of: ["a"]) != nil)
        try use(shelf, "c", at: 3_000)
        #expect(shelf.folder(of: ["b"]) == nil)
        #expect(shelf.folder(of: ["a"]) != nil)
        #expect(shelf.folder(of: ["c"]) != nil)
    }

    @Test func `are empty when they were cut off`() throws {
        let shelf = try shelf(room: 1_000)
        try shelf.put(try artifact("a", size: 3), as: ["a"])
        for name in try names() { try folder.write("", to: "caches/\(name)") }
        #expect(shelf.folder(of: ["a"]) == nil)
        #expect(try shelf.digests() == [])
    }
}
