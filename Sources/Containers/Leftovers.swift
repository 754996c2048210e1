package import Docker

/// Containers and volumes of a house whose supervisors are dead.
package enum Leftovers {
    /// Removes those of one attempt.
    package static func remove(ofAttemptIn folder: String, on engine: DockerEngine)
        throws(DockerError)
    {
        try remove(labelled: "\(Container.Label.folder)=\(folder)", on: engine) { _ in true }
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

    private static func remove(
        labelled label: String, on engine: DockerEngine, where isLeft: (Labelled) -> Bool
    ) throws(DockerError) {
        // The volumes last: a container holds its own.
        for container in try engine.containers(labelled: label) where isLeft(container) {
            try engine.remove(container: container.id)
        }
        for volume in try engine.volumes(labelled: label) where isLeft(volume) {
            try engine.remove(volume: volume.id)
        }
    }
}
