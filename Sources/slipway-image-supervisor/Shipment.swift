import AWS
import Attempts
import Curl
import ECR
import ImageArchives
import Images
import Logins
import Registry

/// An image on its way to its registry.
struct Shipment {
    private let repository: Repository
    private let tags: [Tag]
    private let image: ImageSpec
    private let purse: Purse
    private let stop: StopSignal
    private let ecr: ECRDoor?

    init(_ image: ImageSpec, _ purse: Purse, stop: StopSignal) throws {
        repository = try Repository(parsing: image.repository)
        var tags: [Tag] = []
        for text in image.tags {
            let tag = try Tag(parsing: text)
            if !tags.contains(tag) { tags.append(tag) }
        }
        self.tags = tags
        _ = try image.build?.readPlatforms()
        self.image = image
        self.purse = purse
        self.stop = stop
        ecr = try ECRDoor(repository, image, purse, stop: stop)
    }

    /// Puts it there, and tells what is there then.
    func push(
        _ parts: ImageParts, in folder: AttemptFolder, say: (String) -> Void
    ) throws -> PushedImage {
        let standing = try ecr?.prepare(tags: tags.map { "\($0)" }, say: say)
        let client = RegistryClient(try profile(), stop: stop)
        let supply = try supply(of: parts, in: folder, client)
        // What may not be there is not pushed half; so its digest has to be known before.
        if let standing, standing.mayRefuse {
            try standing.judge("\(supply.whole().digest)")
        }
        say("to \(repository)")
        let sources = memory.sources(of: supply.expected, for: repository)
        let pushed = try client.push(supply, to: repository, tags: tags, mounting: sources) {
            if let line = PushStory.line($0) { say(line) }
        }
        memory.remember(try supply.whole(), in: repository)
        say(
            "pushed \(pushed.reference): \(Bytes.text(pushed.sent)) sent, "
                + "\(Bytes.text(pushed.skipped + pushed.mounted)) there already")
        for image in pushed.images { try ecr?.judge("\(image)", say: say) }
        return pushed
    }

    private var memory: LayerMemory { LayerMemory(at: image.memory) }

    private func supply(
        of parts: ImageParts, in folder: AttemptFolder, _ client: RegistryClient
    ) throws -> ImageSupply {
        let stop = stop
        return try parts.supply(
            scratch: Scratch(in: folder.path), memory: memory,
            known: { try client.present($0, in: repository) }, unless: { stop.isSet })
    }

    private func profile() throws -> RegistryRoute {
        RegistryRoute(
            repository.host, authorities: image.registry.authority,
            transport: image.registry.isPlain ? .plain : nil,
            login: try ecr?.login() ?? purse.login)
    }
}
