import Attempts
import Commands
import Glibc
import ImageArchives
import Images
import SmallFiles

/// An image that buildah builds in the attempt's own sandbox, left there as an archive.
enum BuildahBuild {
    /// What a kernel's "invalid argument" does not say.
    static let hint =
        "there is one user where it was built: if it failed at another, by 'USER', '--chown', "
        + "'chown' or a package with users of its own, build it with 'runner: docker'"

    /// What runs in the sandbox.
    static func commands(
        of build: ImageBuildSpec, _ image: ImageSpec, _ spec: AttemptSpec, _ errand: Errand
    ) throws -> AttemptSpec {
        var spec = spec
        // Beside the workspace, so that what is built and what it makes are kept apart.
        spec.inputs = spec.layers.map { .init(name: BuildahScript.context, path: $0) }
        spec.layers = []
        let secrets = errand.secrets.filter { $0.variable == nil }.map(\.name)
        let host = try Repository(parsing: image.repository).host
        let plain = image.registry.isPlain || host.isLoopback ? "\(host)" : nil
        let script = BuildahScript.text(build, of: image, secrets: secrets, plain: plain)
        spec.steps = [.init(name: nil, script: script)]
        return spec
    }

    /// What a build has left, when all of it is dead. It ruled the workspace, so that goes aside as
    /// it is, and what is taken from it is one plain file.
    static func archive(in folder: AttemptFolder) throws -> ImageArchive {
        let built = "\(folder.scratch)/built"
        guard unsafe mkdir(folder.scratch, 0o700) == 0 || errno == EEXIST,
            unsafe rename(folder.workspace, built) == 0
        else { throw FileProblem.last }
        return try ImageArchive(try InputTree(built).file(at: BuildahScript.archive))
    }
}
