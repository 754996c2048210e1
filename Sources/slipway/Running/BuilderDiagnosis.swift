import Glibc
import Pipelines
import Sandbox

/// Who builds images here, and why, for people.
enum BuilderDiagnosis {
    static func of(_ facts: HostFacts, engine socket: String) -> Diagnosis.Finding {
        let hasEngine = unsafe access(socket, R_OK | W_OK) == 0
        let choice = ImageBuilder.chosen(
            hasEngine: hasEngine, hasBuildah: facts.buildah != nil)
        return Diagnosis.Finding(
            what: words(for: choice, buildah: facts.buildah), isFine: choice != nil,
            isNeeded: false,
            cure: choice == nil ? "apt-get install buildah; or docker.io" : nil)
    }

    private static func words(for choice: ImageBuilder?, buildah: String?) -> String {
        switch choice {
        case .engine?:
            "images are built by the Docker Engine, because there is one"
                + (buildah.map { "; with 'runner: process' by \($0)" } ?? "")
        case .buildah?:
            "images are built by \(buildah ?? "buildah") in the sandbox, because there is no "
                + "Docker Engine that this user may use"
        case nil: "nobody is here to build images: neither a Docker Engine nor buildah"
        }
    }
}
