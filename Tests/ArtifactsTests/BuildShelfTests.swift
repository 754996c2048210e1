import Artifacts
import Glibc
import Support
import Testing

@Suite("What builds leave for the next of their kind") struct BuildShelfTests {
    private let folder: Folder
    private let shelf: BuildShelf

    init() throws {
        folder = try Folder()
        shelf = BuildShelf(at: folder.file("shelf"), room: 1_000)
    }

    private struct Taken: Error {}

    private func borrow(
        _ kind: String, of mark: String, to place: String
    ) throws -> BuildShelf.Loan {
        guard let loan = try shelf.borrow([kind], of: mark, to: place) else { throw Taken() }
        return loan
    }

    /// As a build would: takes what there is, adds a file, and gives it back.
    private func build(
        _ kind: String, of mark: String = "1", writing name: String, bytes: Int = 100
    ) throws -> Bool {
        let place = folder.file("place")
        let loan = try borrow(kind, of: mark, to: place)
        let isFilled = loan.isFilled
        if !isFilled { try #require(unsafe mkdir(place, 0o700) == 0) }
        try folder.write(name, to: "place/\(name)")
        try shelf.giveBack(loan, from: place, bytes: bytes)
        _ = unsafe rmdir(place)
        return isFilled
    }

    private func files(_ kind: String, of mark: String = "1") throws -> Set<String> {
        let place = folder.file("looked")
        let loan = try borrow(kind, of: mark, to: place)
        guard loan.isFilled else { return [] }
        let listed = try Program.run(["/bin/ls", place])
        try shelf.giveBack(loan, from: place, bytes: 100)
        return Set(listed.output.split(separator: "\n").map(String.init))
    }

    @Test func `is found again, and by no other kind`() throws {
        #expect(try !build("one", writing: "a"))
        #expect(try build("one", writing: "b"))
        #expect(try files("one") == ["a", "b"])
        #expect(try files("two").isEmpty)
    }

    @Test func `is one build's at a time`() throws {
        _ = try build("one", writing: "a")
        let place = folder.file("first")
        let loan = try borrow("one", of: "1", to: place)
        #expect(throws: Taken.self) { _ = try borrow("one", of: "1", to: folder.file("second")) }
        // Who is killed gives nothing back, and the next begins anew.
        _ = consume loan
        #expect(try files("one").isEmpty)
    }

    @Test func `goes where other users come, who could do nothing with it`() throws {
        _ = try build("one", writing: "a")
        #expect(try files("one", of: "2").isEmpty)
        #expect(shelf.contents.isEmpty)
    }

    @Test func `is bounded, and what was unused for longest goes first`() throws {
        for kind in ["one", "two", "three"] {
            _ = try build(kind, writing: "a", bytes: 400)
        }
        #expect(try files("one").isEmpty)
        #expect(try files("two") == ["a"] && files("three") == ["a"])
        _ = try build("large", writing: "a", bytes: 501)
        #expect(try files("large").isEmpty)
    }

    @Test func `is a folder, whatever a build has put in its place`() throws {
        let place = folder.file("place")
        let loan = try borrow("one", of: "1", to: place)
        #expect(unsafe symlink("/etc", place) == 0)
        try shelf.giveBack(loan, from: place, bytes: 1)
        #expect(shelf.contents.isEmpty)
        _ = unsafe unlink(place)
        #expect(try files("one").isEmpty)
    }
}
