package import Attempts
import Containers
import Docker
import Glibc
import Sandbox
import SmallFiles

/// Removes from a container engine what killed supervisors have left there. An engine that cannot
/// be reached runs nothing either; what is left then is removed at the next start.
package enum ContainerSweep {
    package static func remove(_ container: ContainerSpec, of folder: AttemptFolder) throws {
        try Leftovers.remove(of: folder, on: try DockerEngine(at: container.socket))
    }

    /// The name of what an attempt had built, if it was to build an image; the build itself has
    /// ended with whoever asked for it.
    static func removeBuilds(of folder: AttemptFolder) {
        guard let build = folder.writtenSpec?.image?.build,
            case .engine(let socket, _) = build.builder
        else { return }
        try? DockerEngine(at: socket).removeBuilds(of: folder.path)
    }

    /// Containers, and the names of builds' images, that nobody looks after.
    static func sweep(_ socket: String, of paths: AttemptPaths) {
        // Without a socket there is no engine, and nothing has to be loaded to ask it.
        guard unsafe access(socket, F_OK) == 0, let engine = try? DockerEngine(at: socket) else {
            return
        }
        try? Leftovers.sweep(house: paths.home, on: engine) { folder in
            SupervisorProcess.find(AttemptFolder(folder)) != nil
        }
        try? engine.sweepBuilds(house: paths.home) {
            SmallFile.names(in: paths.open)
                .compactMap { AttemptFiles.target(of: "\(paths.open)/\($0)") }
                .filter { SupervisorProcess.find(AttemptFolder($0)) != nil }
        }
    }
}
