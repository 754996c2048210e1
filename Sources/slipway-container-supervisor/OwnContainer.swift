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

    static func create(
        _ container: Container, on engine: DockerEngine
    ) throws(DockerError) -> OwnContainer {
        let volume = container.trees.volume
        if let volume { try engine.make(volume: container.volume(named: volume)) }
        do throws(DockerError) {
            let id = try engine.create(container.body)
            return OwnContainer(id: id, engine: engine, volume: volume)
        } catch {
            if let volume { try? engine.remove(volume: volume) }
            throw error
        }
    }

    private init(id: String, engine: DockerEngine, volume: String?) {
        self.id = id
        self.engine = engine
        self.volume = volume
    }

    // Where the Engine does not do it, the house does when it sees the labels.
    deinit {
        try? engine.remove(container: id)
        if let volume { try? engine.remove(volume: volume) }
    }
}
