import Artifacts
import Attempts
import Commands
import Glibc
import ImageArchives
import Images
import Logins
import Registry
import Sandbox
import SmallFiles

/// An image that buildah builds in the attempt's own sandbox, left there as an archive.
enum BuildahBuild {
    /// What a kernel's "invalid argument" does not say, where there is no user but root.
    static let hint =
        "if it failed at another user, by 'USER', '--chown', 'chown' or a package with users of "
        + "its own, see above how there could be one"

    /// What runs in the sandbox.
    static func commands(
        of build: ImageBuildSpec, _ image: ImageSpec, _ spec: AttemptSpec, _ errand: Errand,
        by users: BuildUsers
    ) throws -> AttemptSpec {
        var spec = spec
        // Beside the workspace, so that what is built and what it makes are kept apart.
        spec.inputs = spec.layers.map { .init(name: BuildahScript.context, path: $0) }
        spec.layers = []
        if !build.bases.isEmpty {
            spec.inputs.append(.init(name: BuildahScript.bases, path: bases(in: errand.folder)))
        }
        let secrets = errand.secrets.filter { $0.variable == nil }.map(\.name)
        let script = try BuildahScript.text(
            build, of: image, secrets: secrets, hasUsers: users.isRange)
        spec.steps = [.init(name: nil, script: script)]
        return spec
    }

    /// Fetches what the Dockerfile names, before anything of it is run.
    static func fetch(
        _ build: ImageBuildSpec, for folder: AttemptFolder, _ purse: Purse, _ stop: StopSignal,
        say: (String) -> Void
    ) throws {
        guard !build.bases.isEmpty else { return }
        try makeScratch(folder)
        try withoutActuallyEscaping(say) { say in
            try BaseFetch(build: build, purse: purse, stop: stop, say: say)
                .fetch(into: bases(in: folder))
        }
    }

    private static func bases(in folder: AttemptFolder) -> String { "\(folder.scratch)/bases" }

    /// What a build has left, when all of it is dead. It ruled the workspace, so what is taken from
    /// it are plain files.
    static func parts(of build: ImageBuildSpec, in folder: AttemptFolder) throws -> ImageParts {
        let kept = "\(folder.scratch)/built"
        try makeScratch(folder)
        guard unsafe mkdir(kept, 0o700) == 0 else { throw FileProblem.last }
        let archives = BuildahScript.archives(of: build)
        for name in archives {
            let archive = try InputTree(folder.workspace).file(at: name)
            guard unsafe rename(archive, "\(kept)/\(name)") == 0 else { throw FileProblem.last }
        }
        try tidy(folder)
        return try ImageParts(build, archives.map { try ImageArchive("\(kept)/\($0)") })
    }

    /// Removes what a build has left. It belongs to users of the build's own, and nobody could
    /// remove it who does not rule them, as the supervisor does.
    static func tidy(_ folder: AttemptFolder) throws {
        try makeScratch(folder)
        try ArtifactStore.remove(folder.workspace, trash: folder.scratch)
    }

    private static func makeScratch(_ folder: AttemptFolder) throws(FileProblem) {
        guard unsafe mkdir(folder.scratch, 0o700) == 0 || errno == EEXIST else {
            throw FileProblem.last
        }
    }
}
