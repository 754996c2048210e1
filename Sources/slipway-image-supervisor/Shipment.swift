import AWS
import Attempts
import Curl
import ECR
import ImageArchives
import Images
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
        self.image = image
        self.purse = purse
        self.stop = stop
        ecr = try ECRDoor(repository, image, purse, stop: stop)
    }

    /// Puts it there, and tells what is there then.
    func push(
        _ archive: ImageArchive, in folder: AttemptFolder, say: (String) -> Void
    ) throws -> PushedImage {
        let stop = stop
        let contents = try archive.image(scratch: Scratch(in: folder.path)) { stop.isSet }
        say("image \(contents.digest), \(Bytes.text(contents.size)), to \(repository)")
        // Before anything is sent: what may not be there is not pushed half.
        try ecr?.prepare(for: "\(contents.digest)", tags: tags.map { "\($0)" }, say: say)
        let client = RegistryClient(try profile(), stop: stop)
        let pushed = try client.push(contents, to: repository, tags: tags) { event in
            if let line = PushStory.line(event) { say(line) }
        }
        say(
            "pushed \(pushed.reference): \(Bytes.text(pushed.sent)) sent, "
                + "\(Bytes.text(pushed.skipped + pushed.mounted)) there already")
        try ecr?.judge("\(pushed.digest)", say: say)
        return pushed
    }

    private func profile() throws -> RegistryRoute {
        RegistryRoute(
            repository.host, authorities: image.registry.authority,
            transport: image.registry.isPlain ? .plain : nil,
            login: try ecr?.login() ?? purse.login)
    }
}
