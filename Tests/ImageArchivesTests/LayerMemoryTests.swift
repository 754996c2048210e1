import FoundationEssentials
import ImageArchives
import ImageSupport
import Images
import Support
import Tar
import Testing
import Threads

@Suite("A saved image's layers") struct LayerMemoryTests {
    private static let layers = [
        SampleImage.noise(600_000, seed: 3), [UInt8](repeating: 7, count: 900_000),
    ]

    private let folder: Folder
    private let memory: LayerMemory

    init() throws {
        folder = try ImageArchiveTests.saved(Self.layers)
        memory = LayerMemory(at: folder.file("layers"))
    }

    private func supply(
        known: ([Descriptor]) throws -> Set<Digest> = { _ in [] }
    ) throws -> ImageSupply {
        try ImageParts(ImageArchive(folder.file("image.tar"))).supply(
            scratch: Scratch(in: "/tmp"), memory: memory, known: known)
    }

    @Test func `are not compressed again where the registry has them`() throws {
        let first = try supply().whole()
        #expect(first.present.isEmpty)
        let second = try supply { Set($0.map(\.digest)) }
        #expect(second.count == 1)
        let image = try second.whole()
        #expect(image.root == first.root)
        #expect(Set(image.present + image.blobs) == Set(first.blobs))
        #expect(image.size == first.size)
        #expect(image.blobs.map(\.mediaType) == [.dockerConfig])
    }

    @Test func `are compressed as far as the registry does not have them`() throws {
        let first = try supply().whole()
        let lacking = try #require(first.blobs.last?.digest)
        let image = try supply { Set($0.map(\.digest)).subtracting([lacking]) }.whole()
        #expect(image.root == first.root)
        #expect(image.present.count == 1)
        let blob = try #require(image.blobs.first { $0.digest == lacking })
        #expect(Digest(of: try image.place(blob).bytes(atMost: 1 << 20)) == lacking)
    }

    @Test func `are asked for in the registry only if they are remembered`() throws {
        _ = try supply { asked in
            Issue.record("asked for \(asked)")
            return []
        }.whole()
    }

    @Test(
        "are compressed where what is remembered is damaged",
        arguments: ["", "sha256:", "x y z\n", "\u{0}\u{0}\u{0}"])
    func damaged(text: String) throws {
        let first = try supply().whole()
        let kept = try folder.text(of: "layers").replacing("sha256:", with: text)
        try folder.write(text == "sha256:" ? String(kept.dropLast(60)) : kept, to: "layers")
        let image = try supply { Set($0.map(\.digest)) }.whole()
        #expect(image.root == first.root)
    }

    @Test func `are remembered behind no link`() throws {
        try folder.write("", to: "elsewhere")
        let linked = try Program.run(["/bin/ln", "-s", "elsewhere", folder.file("layers")])
        try #require(linked.code == 0)
        _ = try supply().whole()
        #expect(try folder.text(of: "elsewhere").isEmpty)
    }

    @Test func `that were used long ago are forgotten when there are too many`() throws {
        let line = "sha256:\(String(repeating: "a", count: 64))"
        let old = "\(line) \(line) 1\n"
        let count = (1 << 20) / old.utf8.count + 1
        try folder.write(String(repeating: old, count: count), to: "layers")
        _ = try supply().whole()
        let kept = try folder.text(of: "layers")
        #expect(kept.utf8.count < 600_000)
        // What another thread writes while the old ones are forgotten may be lost.
        #expect(memory.layers().count > 1)
    }

    @Test func `can be taken while others are still in the making`() throws {
        let supply = try supply()
        var taken = supply.ready.map(\.descriptor)
        #expect(taken.count == 1)
        while let blobs = try supply.next() {
            for blob in blobs {
                let bytes = try blob.place().bytes(atMost: 1 << 20)
                #expect(Digest(of: bytes) == blob.descriptor.digest)
            }
            taken += blobs.map(\.descriptor)
            if blobs.isEmpty { supply.bell?.wait(.seconds(60)) }
        }
        #expect(Set(taken) == Set(try supply.whole().blobs))
    }

    @Test func `are remembered by where they were pushed last, in each registry`() throws {
        let image = try supply().whole()
        let layers = Set(image.blobs.map(\.digest)).subtracting(
            image.blobs.filter { $0.mediaType == .dockerConfig }.map(\.digest))
        let names = ["r.example/a", "r.example/b", "r.example/b", "s.example/c"]
        for name in names { memory.remember(image, in: try Repository(parsing: name)) }
        let text = try folder.text(of: "layers")
        #expect(text.split(separator: "\n").count { $0.hasPrefix("at ") } == 3 * layers.count)
        func sources(_ name: String) throws -> Set<String> {
            let found = memory.sources(
                of: Set(image.blobs.map(\.digest)), for: try Repository(parsing: name))
            return Set(found.values.map { "\($0)" })
        }
        #expect(try sources("s.example/d") == ["s.example/c"])
        #expect(try sources("s.example/c") == [])
        // Layers have their names still.
        #expect(try supply { Set($0.map(\.digest)) }.count == 1)
    }
}
