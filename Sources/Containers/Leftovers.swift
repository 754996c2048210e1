package import Attempts
package import Docker
import Glibc

/// Containers and volumes of a house whose supervisors are dead.
package enum Leftovers {
    /// Removes those of one attempt.
    package static func remove(
        of folder: AttemptFolder, on engine: DockerEngine
    ) throws(DockerError) {
        defer { SecretFiles.remove(of: folder) }
        try remove(labelled: "\(Container.Label.folder)=\(folder.path)", on: engine) { _ in true }
    }

    /// Removes those of a house that nobody looks after; `isAlive` tells of an attempt's folder
    /// whether its supervisor lives.
    package static func sweep(
        house: String, on engine: DockerEngine, isAlive: (String) -> Bool
    ) throws(DockerError) {
        try remove(labelled: "\(Container.Label.house)=\(house)", on: engine) { found in
            found.labels[Container.Label.folder].map { !isAlive($0) } ?? true
        }
    }

    /// Removes a container whose workspace was a volume. An overlay that the Engine has mounted
    /// leaves a folder of root's with what it needed for removed files; the next mount empties it,
    /// and then its parent's owner can remove it.
    package static func remove(
        _ container: String, withScratchOf folder: AttemptFolder, on engine: DockerEngine
    ) {
        try? engine.kill(container)
        engine.remount(container)
        try? engine.remove(container: container)
        _ = unsafe rmdir("\(folder.scratch)/work")
    }

    private static func remove(
        labelled label: String, on engine: DockerEngine, where isLeft: (Labelled) -> Bool
    ) throws(DockerError) {
        // The volumes last: a container holds its own.
        for container in try engine.containers(labelled: label) where isLeft(container) {
            if let folder = container.labels[Container.Label.folder] {
                SecretFiles.remove(of: AttemptFolder(folder))
            }
            guard getuid() != 0, let folder = container.labels[Container.Label.folder] else {
                try engine.remove(container: container.id)
                continue
            }
            remove(container.id, withScratchOf: AttemptFolder(folder), on: engine)
        }
        for volume in try engine.volumes(labelled: label) where isLeft(volume) {
            try engine.remove(volume: volume.id)
        }
    }
}
