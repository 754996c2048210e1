import Glibc
import SmallFiles
import Support
import Testing

@Suite("Links") struct LinkTests {
    @Test func `lead where the last one says`() throws {
        let folder = try Folder()
        try SmallFile.link(folder.file("link"), to: "one")
        try SmallFile.link(folder.file("link"), to: "two")
        #expect(try target(folder.file("link")) == "two")
        #expect(SmallFile.names(in: folder.path) == ["link"])
    }

    @Test func `are made by several at once`() async throws {
        let folder = try Folder()
        let path = folder.file("link")
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    (0..<200).allSatisfy { _ in
                        (try? SmallFile.link(path, to: "\(number)")) != nil
                    }
                }
            }
            for await succeeded in group { #expect(succeeded) }
        }
        #expect(SmallFile.names(in: folder.path) == ["link"])
    }

    private func target(_ link: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = unsafe readlink(link, &buffer, buffer.count)
        try #require(count > 0)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
