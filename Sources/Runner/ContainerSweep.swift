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
