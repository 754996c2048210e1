import Attempts
import Containers
import Docker
import JSON

/// A container of ours and what belongs to it: when its owner is done with it, nothing of it
/// remains.
struct OwnContainer: ~Copyable {
    let id: String
    private let engine: DockerEngine
    private let volume: String?
    private let folder: AttemptFolder

    static func create(
        _ container: Container, on engine: DockerEngine
    ) throws(DockerError) -> OwnContainer {
        let volume = container.trees.volume
        if let volume { try engine.make(volume: container.volume(named: volume)) }
        do throws(DockerError) {
            let id = try engine.create(container.body)
            return OwnContainer(id: id, engine: engine, volume: volume, folder: container.folder)
        } catch {
            if let volume { try? engine.remove(volume: volume) }
            throw error
        }
    }

    static func create(
        _ container: ServiceContainer, for folder: AttemptFolder, on engine: DockerEngine
    ) throws(DockerError) -> OwnContainer {
        let id = try engine.create(container.body, named: container.name)
        return OwnContainer(id: id, engine: engine, volume: nil, folder: folder)
    }

    private init(id: String, engine: DockerEngine, volume: String?, folder: AttemptFolder) {
        self.id = id
        self.engine = engine
        self.volume = volume
        self.folder = folder
    }

    // Where the Engine does not do it, the house does when it sees the labels.
    deinit {
        guard let volume else {
            try? engine.remove(container: id)
            return
        }
        Leftovers.remove(id, withScratchOf: folder, on: engine)
        try? engine.remove(volume: volume)
    }
}
