import Attempts
import Containers
import Docker
import Glibc
import Sandbox

/// Removes from a container engine what killed supervisors have left there. An engine that cannot
/// be reached runs nothing either; what is left then is removed at the next start.
enum ContainerSweep {
    static func remove(_ container: ContainerSpec, of folder: AttemptFolder) {
        guard let engine = try? DockerEngine(at: container.socket) else { return }
        try? Leftovers.remove(of: folder, on: engine)
    }

    /// The name of what an attempt had built, if it was to build an image; the build itself has
    /// ended with whoever asked for it.
    static func removeBuilds(of folder: AttemptFolder) {
        guard let build = folder.writtenSpec?.image?.build,
            case .engine(let socket) = build.builder
        else { return }
        try? DockerEngine(at: socket).removeBuilds(of: folder.path)
    }

    static func sweep(_ socket: String, house: String) {
        // Without a socket there is no engine, and nothing has to be loaded to ask it.
        guard unsafe access(socket, F_OK) == 0, let engine = try? DockerEngine(at: socket) else {
            return
        }
        try? Leftovers.sweep(house: house, on: engine) { folder in
            SupervisorProcess.find(AttemptFolder(folder)) != nil
        }
    }
}
