import Addresses
package import Couriers
package import Engine
package import Git
import Images
package import Pipelines
package import Runner

/// The way to a registry that a source names, as the profiles of this machine have it.
package struct WatchedRegistries: Sendable {
    private let access: RegistryAccess
    private let secret: @Sendable (SecretName) -> [UInt8]?

    package init(_ access: RegistryAccess, secret: @escaping @Sendable (SecretName) -> [UInt8]?) {
        self.access = access
        self.secret = secret
    }

    package func door(to origin: ImageOrigin) throws(GitError) -> RegistryDoor {
        do throws(TreeProblem) {
            let (spec, handed) = try access.way(to: "\(origin.repository)", secret: secret)
            return RegistryDoor(spec, handed)
        } catch {
            throw GitError(
                .unauthorized, "look at '\(origin)'", problem: error.description,
                hint: "whoever hosts the machine has written the registry's profile")
        }
    }

    /// What a source's tag stands for now, for somebody at this machine who wants to know it once:
    /// they may reach what they like.
    package func revision(
        of source: SourceName, _ origin: ImageOrigin
    ) throws(GitError) -> Revision {
        let courier = try Courier.start(ProgramPlace.courier)
        let question = TagQuestion(
            origin.repository, origin.tag, known: nil, through: try door(to: origin), .anywhere)
        guard case .tag(.image(let digest)) = try courier.ask(.tag(question)) else {
            throw GitError(
                .unknownName, "look at '\(origin)'", problem: "there is no such tag",
                hint: "push an image under it first, or name another tag")
        }
        return Revision(
            source: source, tag: "\(origin.tag)", image: PinnedImage(origin.repository, digest))
    }
}
