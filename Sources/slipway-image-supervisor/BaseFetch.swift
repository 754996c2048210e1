import AWS
import Addresses
import Attempts
import Commands
import ECR
import Glibc
import ImageArchives
import Images
import Logins
import Registry
import SmallFiles

/// Brings here the images that a Dockerfile names, before any of its commands runs and outside of
/// where they do: so no credential and no way to a registry is ever needed in there.
struct BaseFetch {
    /// What the house keeps of them.
    private static let room = 20 << 30

    let build: ImageBuildSpec
    let purse: Purse
    let stop: StopSignal
    let say: (String) -> Void

    /// Makes a layout for each of them.
    func fetch(into path: String) throws {
        guard unsafe mkdir(path, 0o755) == 0 else { throw FileProblem.last }
        for (index, base) in build.bases.enumerated() {
            let reference = try Reference(parsing: base.reference)
            do {
                let layout = try LayoutFolder(
                    making: "\(path)/\(BuildahScript.name(ofBase: index))")
                try layout.finish(try fetch(base, reference, into: layout))
            } catch {
                throw explained(error, base)
            }
        }
    }

    private func fetch(
        _ base: ImageBaseSpec, _ reference: Reference, into layout: LayoutFolder
    ) throws -> Descriptor {
        var route = RegistryRoute(
            reference.repository.host, authorities: base.registry.authority,
            transport: base.registry.isPlain ? .plain : nil,
            login: try base.login(at: reference.repository, purse, stop))
        // Nobody of this machine has chosen it, so it is no way to what only this machine reaches.
        route.addresses = base.isAnywhere ? .anywhere : AddressPolicy()
        let client = RegistryClient(route, stop: stop)
        let root = try manifest(reference, client, into: layout)
        var images = [root]
        if case .index(let index) = root.manifest {
            let wanted = try Platform(parsing: base.platform)
            let chosen = try index.manifests(for: wanted, in: reference)
            images = try chosen.map {
                try manifest(
                    Reference(reference.repository, digest: $0.digest), client, into: layout)
            }
        }
        var bytes = 0
        for case .image(let image) in images.map(\.manifest) {
            bytes += try blobs(of: image, reference, client, into: layout)
        }
        if case .image(let image) = root.manifest { try check(image, base, in: layout) }
        let mark = build.platforms.count > 1 ? " for \(base.platform)" : ""
        say(
            "begins with \(reference)\(mark), which is \(root.descriptor.digest): "
                + (bytes == 0 ? "all of it is kept here" : "\(Bytes.text(bytes)) fetched"))
        return root.descriptor
    }

    private func manifest(
        _ reference: Reference, _ client: RegistryClient, into layout: LayoutFolder
    ) throws -> (descriptor: Descriptor, manifest: Manifest) {
        guard case .manifest(let digest, let type, let bytes) = try client.manifest(of: reference)
        else {
            throw Unshippable(
                "there is no image '\(reference)', which the Dockerfile names",
                hint: "check its name, and that it has been pushed there")
        }
        try layout.add(bytes, digest)
        return (
            Descriptor(type, digest, size: bytes.count), try Manifest(parsing: bytes, as: type)
        )
    }

    /// Gives back how many bytes had to be fetched.
    private func blobs(
        of image: ImageManifest, _ reference: Reference, _ client: RegistryClient,
        into layout: LayoutFolder
    ) throws -> Int {
        let repository = reference.repository
        let shelf = build.baseMemory.map { BlobShelf(at: $0, room: Self.room) }
        var missing: [(blob: Descriptor, file: Int32)] = []
        defer { for (_, file) in missing { close(file) } }
        for blob in [image.config] + image.layers where !layout.has(blob.digest) {
            guard !blob.mediaType.isForeign else {
                throw Unshippable(
                    "a layer of '\(reference)' lies outside of its registry",
                    hint: "push the image with all of its layers to a registry of your own")
            }
            let place = layout.place(of: blob.digest)
            if shelf?.lend(blob, of: repository, at: place) == true { continue }
            let file = unsafe open(place, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard file >= 0 else {
                throw Unshippable(
                    "cannot write '\(place)': \(unsafe String(cString: strerror(errno)))",
                    hint: "make room on the disk")
            }
            missing.append((blob, file))
        }
        guard !missing.isEmpty else { return 0 }
        try client.fetch(missing, of: repository)
        for (blob, _) in missing {
            shelf?.keep(blob, of: repository, from: layout.place(of: blob.digest))
        }
        return missing.reduce(0) { $0 + $1.blob.size }
    }

    /// An image that is no index says itself what it is for.
    private func check(
        _ image: ImageManifest, _ base: ImageBaseSpec, in layout: LayoutFolder
    ) throws {
        guard build.isForPlatforms else { return }
        let bytes = try SmallFile.bytes(
            of: layout.place(of: image.config.digest), limit: ImageConfig.longest)
        let wanted = try Platform(parsing: base.platform)
        guard let own = try ImageConfig(parsing: bytes).platform, !own.serves(wanted) else {
            return
        }
        throw Unshippable.missing("\(base.reference)", for: wanted, known: ["\(own)"])
    }

    private func explained(_ problem: any Error, _ base: ImageBaseSpec) -> any Error {
        guard let problem = problem as? RegistryProblem else { return problem }
        let what =
            "cannot fetch '\(base.reference)', which the Dockerfile names: \(problem.problem)"
        switch problem.kind {
        case .unsafe where !base.isAnywhere:
            return Unshippable(
                what,
                hint: "where that registry is meant, whoever hosts the machine "
                    + "can name it in a file registries/NAME.yml")
        case .denied where base.credential == nil:
            return Unshippable(
                what,
                hint: "\(problem.hint); whoever hosts the machine names a credential in a file "
                    + "registries/NAME.yml")
        default: return Unshippable(what, hint: problem.hint)
        }
    }
}

extension ImageIndex {
    /// All that can be meant: which of several variants, whoever unpacks it knows best.
    fileprivate func manifests(
        for platform: Platform, in reference: Reference
    ) throws(Unshippable) -> [Descriptor] {
        let found = manifests.filter { manifest in
            manifest.platform.map { $0.serves(platform) } == true
        }
        guard !found.isEmpty else {
            let known = Set(manifests.compactMap { $0.platform.map { "\($0)" } }).sorted()
            throw Unshippable.missing("\(reference)", for: platform, known: known)
        }
        return found
    }
}

extension Platform {
    /// Whether it is what is wanted, of any variant where none is.
    fileprivate func serves(_ wanted: Platform) -> Bool {
        system == wanted.system && usual.architecture == wanted.usual.architecture
            && (wanted.variant == nil || usual.variant == wanted.usual.variant)
    }
}

extension Unshippable {
    fileprivate static func missing(
        _ image: String, for platform: Platform, known: [String]
    ) -> Unshippable {
        Unshippable(
            "'\(image)' is there for \(known.joined(separator: ", ")), and not for \(platform)",
            hint: "name one of these under 'platforms', or another image in the Dockerfile")
    }
}

extension ImageBaseSpec {
    /// Who somebody is to its registry.
    func login(
        at repository: Repository, _ purse: Purse, _ stop: StopSignal
    ) throws -> Login? {
        try purse.login(credential, for: repository, by: registry) { !stop.isSet }
    }
}
