import Glibc
package import Runner

/// Where the programs lie that come with this one.
package enum ProgramPlace {
    /// Beside the command, or where packages put what people do not start.
    package static var supervisors: Supervisors {
        Supervisors(
            process: find("slipway-supervisor"), container: find("slipway-container-supervisor"),
            image: find("slipway-image-supervisor"))
    }

    /// Looks after one instance of a service.
    package static var instanceSupervisor: String { find("slipway-instance-supervisor") }

    /// Speaks with remotes.
    package static var courier: String { find("slipway-courier") }

    /// Tells a server of a push; hooks run it.
    package static var tell: String { find("slipway-tell") }

    private static func find(_ name: String) -> String {
        let folder = own.split(separator: "/").dropLast().joined(separator: "/")
        let beside = "/\(folder)/\(name)"
        return unsafe access(beside, X_OK) == 0
            ? beside : "/\(folder)/../libexec/slipway/\(name)"
    }

    private static var own: String {
        guard let path = unsafe realpath("/proc/self/exe", nil) else { return "/usr/bin/slipway" }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}
