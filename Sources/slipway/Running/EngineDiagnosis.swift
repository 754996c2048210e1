import Docker
import Glibc
import Sandbox

/// Whether actions with 'runner: docker' can run here, images be deployed, and the Engine can build
/// them, for people.
enum EngineDiagnosis {
    static func of(_ socket: String) -> [Diagnosis.Finding] {
        do throws(DockerError) {
            let version = try DockerEngine(at: socket).version()
            return [running(version, at: socket), deploying, building(version)]
        } catch {
            return [
                Diagnosis.Finding(
                    what: "no Docker Engine, so no action with 'runner: docker', and no image "
                        + "is deployed: \(problem(error))",
                    isFine: false, isNeeded: false, cure: cure(socket))
            ]
        }
    }

    private static func running(_ version: EngineVersion, at socket: String) -> Diagnosis.Finding {
        let isRoot = geteuid() == 0
        return Diagnosis.Finding(
            what: "Docker Engine \(version.version) at '\(socket)'"
                + (isRoot ? "" : ": actions in containers cannot have network 'outbound'"),
            isFine: isRoot, isNeeded: false,
            cure: isRoot ? nil : "run it as root where they need one")
    }

    private static var deploying: Diagnosis.Finding {
        let isRoot = geteuid() == 0
        return Diagnosis.Finding(
            what: isRoot
                ? "images deployed in containers of the Docker Engine"
                : "no images deployed here: only root can bring requests into a container",
            isFine: isRoot, isNeeded: false, cure: isRoot ? nil : "run the server as root")
    }

    private static func building(_ version: EngineVersion) -> Diagnosis.Finding {
        guard case .unfit(let problem, let hint)? = BuildAbility.problem(with: version) else {
            return Diagnosis.Finding(
                what: "images built by the Docker Engine, with BuildKit", isFine: true,
                isNeeded: false, cure: nil)
        }
        return Diagnosis.Finding(
            what: "no images built by the Docker Engine: \(problem)", isFine: false,
            isNeeded: false, cure: hint)
    }

    private static func problem(_ error: DockerError) -> String {
        if case .unreachable(let socket, let problem) = error { return "\(problem) at '\(socket)'" }
        return error.description
    }

    private static func cure(_ socket: String) -> String {
        if unsafe access(socket, F_OK) == 0, unsafe access(socket, R_OK | W_OK) != 0 {
            return "usermod -aG docker NAME lets NAME use it, which makes NAME as mighty as root"
        }
        return unsafe access("/usr/sbin/dockerd", X_OK) == 0
            ? "systemctl start docker" : "apt-get install docker.io"
    }
}
