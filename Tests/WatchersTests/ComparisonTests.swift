import Couriers
import Git
import Support
import Testing

@Suite("What a mirror knows") struct ComparisonTests {
    private static func tip(_ name: String, _ id: String) throws -> CourierJob.Tip {
        CourierJob.Tip(name: "refs/heads/\(name)", commit: try #require(ObjectID(id)))
    }

    /// With branches of the sample's, fetched.
    private static func scene(_ repository: TestRepository) throws -> Scene {
        try repository.git("branch", "old", "HEAD~1")
        let scene = try Scene(try Transport.open(.folder, to: repository))
        _ = try scene.look()
        _ = try scene.courier.ask(.fetch(["refs/heads/main", "refs/heads/old"]))
        return scene
    }

    @Test func `are the commits and files that one commit has and another has not`() throws {
        let repository = try TestRepository.sample()
        let scene = try Self.scene(repository)
        let (old, new) = try (
            #require(ObjectID(repository.id("main~1"))), #require(ObjectID(repository.id("main")))
        )
        let answer = try scene.courier.ask(
            .compare(mirror: scene.home.file("mirror"), from: old, to: new))
        let commit = Comparison.Commit(
            id: new, subject: "Add a program", author: "Ada Example", time: 1_700_000_000)
        let files = ["src/deep/file", "src/link", "src/run"]
        #expect(
            answer == .comparison(Comparison(commits: [commit], isCut: false, files: files)))
        // What is put back brings no commits, and changes the same files.
        #expect(
            try scene.courier.ask(.compare(mirror: scene.home.file("mirror"), from: new, to: old))
                == .comparison(Comparison(commits: [], isCut: false, files: files)))
    }

    @Test func `is not told of commits that are not there`() throws {
        let repository = try TestRepository.sample()
        let scene = try Self.scene(repository)
        let new = try #require(ObjectID(repository.id("main")))
        let gone = try #require(ObjectID(String(repeating: "1", count: 40)))
        #expect(throws: GitError.self) {
            try scene.courier.ask(.compare(mirror: scene.home.file("mirror"), from: gone, to: new))
        }
    }

    @Test func `is a commit by its first digits, with the first ref that has it`() throws {
        let repository = try TestRepository.sample()
        let scene = try Self.scene(repository)
        let (old, new) = try (repository.id("main~1"), repository.id("main"))
        let tips = [try Self.tip("main", new), try Self.tip("old", old)]
        func find(_ digits: String, _ tips: [CourierJob.Tip]) throws -> CourierAnswer {
            try scene.courier.ask(
                .find(mirror: scene.home.file("mirror"), digits: digits, among: tips))
        }
        func found(_ id: String, _ ref: String?) throws -> CourierAnswer {
            .found(Found(commit: try #require(ObjectID(id)), ref: ref))
        }
        #expect(try find(String(old.prefix(7)), tips) == found(old, "refs/heads/main"))
        #expect(try find(old, tips.reversed()) == found(old, "refs/heads/old"))
        #expect(try find(new, Array(tips.dropFirst())) == found(new, nil))
    }
}
