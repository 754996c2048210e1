import Attempts
import Deployment
import Instances
import Pipelines
import Targets
import Testing

@Suite("Images that a machine may run") struct ContainerRecipeTests {
    private static let digest = "sha256:" + String(repeating: "0a", count: 32)
    private static let named = "r.example/team/shop@\(digest)"

    /// What would be begun of an image where a profile allows these.
    private func spec(of version: String, allowing patterns: [String]) throws -> InstanceSpec {
        let docker = DockerProfile(socket: "/none", images: try patterns.map(Glob.init(parsing:)))
        let recipe = try #require(
            ContainerRecipe(
                RunnerProfile(name: .docker, kind: .docker(docker), places: 1), house: "/house",
                way: { _ in (RegistrySpec(), []) }, secret: { _ in nil }))
        let roles = try release(1).roles
        let work = try #require(roles.first?.work)
        let name = try #require(InstanceName("prod", "i1"))
        return try recipe.spec(
            name, work, of: Release(ReleaseID(1), version: version, roles: roles))
    }

    @Test(
        "are those that its profile names, and all if it names none",
        arguments: [[], ["r.example/**"], [named], [digest, "r.example/team/*"]])
    func allowed(patterns: [String]) throws {
        #expect(try spec(of: Self.named, allowing: patterns).container?.image == Self.named)
    }

    @Test(
        "are no others, and none that has a number and no name",
        arguments: [
            (named, ["other.example/**"]), (digest, ["r.example/**"]),
            (digest, ["other.example/**"]),
        ])
    func refused(version: String, patterns: [String]) throws {
        do {
            _ = try spec(of: version, allowing: patterns)
            Issue.record("it would be run")
        } catch {
            #expect("\(error)".contains("runner 'docker' does not allow image '\(version)'"))
        }
    }

    @Test func `may have a number alone where the profile names all or that one`() throws {
        for patterns in [[], [Self.digest]] {
            #expect(try spec(of: Self.digest, allowing: patterns).container?.image == Self.digest)
        }
    }
}
