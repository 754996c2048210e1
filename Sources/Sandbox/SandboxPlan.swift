package import Attempts

/// The sandbox of one attempt as the arguments of bubblewrap. A value: nothing is looked up, so
/// what a spec comes to can be read and tested.
package struct SandboxPlan: Hashable, Sendable {
    /// They hold values of the environment, so they are handed over where nobody sees them.
    package let options: [String]
    package let command: [String]

    /// Descriptors as bubblewrap's child finds them.
    package enum Descriptor {
        package static let arguments = 3
        package static let filter = 4
        package static let terminalFilter = 5
        /// Where bubblewrap tells the process that is the first in the sandbox.
        package static let info = 6
        /// What bubblewrap waits for before it runs a command.
        package static let block = 7
        /// Where the driver of steps tells that one begins or ends.
        package static let steps = 8
        /// Where who checks a service inside is asked to.
        package static let checks = 9
        /// The user namespaces of a build, of which no steps are told.
        package static let outerUsers = 8
        package static let innerUsers = 9
    }

    /// Whose files commands make, as they see it.
    package static let user = 1_000
    package static let workspace = "/workspace"
    package static let exports = "/run/slipway/exports"

    /// Where the commands find their scripts.
    static func step(_ index: Int) -> String { "\(scripts)/\(index)" }

    private static let scripts = "/run/steps"
    package static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// `hidden` are files of `/proc` that are there and are not to be seen. With `hasUsers` those
    /// who rule the sandbox have more users than one.
    package init(
        _ spec: AttemptSpec, stage: Stage, secrets: [HandedSecret], hidden: [String],
        hasUsers: Bool = false
    ) {
        var arguments = [
            "--unshare-pid", "--unshare-ipc", "--unshare-uts",
            "--unshare-cgroup-try", "--hostname", "slipway", "--die-with-parent", "--new-session",
            "--cap-drop", "ALL",
            "--add-seccomp-fd", "\(Descriptor.filter)",
            "--add-seccomp-fd", "\(Descriptor.terminalFilter)",
        ]
        arguments += Self.users(of: spec, hasUsers: hasUsers)
        // Otherwise bubblewrap is started in a network that is not the host's, or is to have that.
        if spec.network == .none, !spec.entersNetwork { arguments.append("--unshare-net") }
        arguments += ["--info-fd", "\(Descriptor.info)", "--block-fd", "\(Descriptor.block)"]
        // The root is put together where mounts are cheap; bubblewrap reads the table of all mounts
        // for each that it makes. Processes can be shown by nobody but the first in the sandbox.
        arguments += ["--dev-bind", stage.root, "/"]
        arguments += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"]
        for file in hidden { arguments += ["--ro-bind", "/dev/null", file] }
        arguments += ["--chdir", Self.workspace, "--clearenv"]
        for (name, value) in Self.environment(of: spec, secrets).sorted(by: { $0.key < $1.key }) {
            arguments += ["--setenv", name, value]
        }
        options = arguments
        command = Self.command(for: spec, hasUsers: hasUsers)
    }

    private static func users(of spec: AttemptSpec, hasUsers: Bool) -> [String] {
        guard spec.nests else {
            return ["--unshare-user", "--disable-userns", "--uid", "\(user)", "--gid", "\(user)"]
        }
        let ours =
            hasUsers
            ? Nesting.namespaces
            : ["--unshare-user", "--disable-userns"]
        return ours + Nesting.options
    }

    private static func environment(
        of spec: AttemptSpec, _ secrets: [HandedSecret]
    ) -> [String: String] {
        var environment = [
            "PATH": path, "HOME": "/tmp", "LANG": "C.UTF-8", "TERM": "dumb", "CI": "true",
            "USER": "slipway", "SHELL": "/bin/sh", "SLIPWAY": "true", "SLIPWAY_EXPORTS": exports,
        ]
        // Nobody waits for a build here, and what is exported nobody reads.
        if spec.service != nil {
            for name in ["CI", "SLIPWAY_EXPORTS"] { environment[name] = nil }
        }
        environment.merge(spec.environment) { _, given in given }
        if let port = spec.service?.port { environment["PORT"] = String(port) }
        for secret in secrets {
            guard let name = secret.variable else { continue }
            environment[name] = String(decoding: secret.value, as: UTF8.self)
        }
        return environment
    }

    /// One nameless step is run as it is; several are run by a driver that tells of each.
    private static func command(for spec: AttemptSpec, hasUsers: Bool) -> [String] {
        if let service = spec.service { return service.command }
        let command =
            tellsSteps(spec)
            ? ["/bin/sh", "-c", driver(steps: spec.steps.count)]
            : ["/bin/sh", "-eu", step(0)]
        return spec.nests ? Nesting.entrance(hasUsers: hasUsers) + command : command
    }

    static func tellsSteps(_ spec: AttemptSpec) -> Bool {
        if let service = spec.service { return service.isCheckedInside }
        return spec.steps.count != 1 || spec.steps[0].name != nil
    }

    /// The steps do not inherit the descriptor on which is told of them.
    private static func driver(steps: Int) -> String {
        """
        n=0
        while [ $n -lt \(steps) ]; do
          echo "begin $n" >&\(Descriptor.steps)
          /bin/sh -eu \(scripts)/$n \(Descriptor.steps)>&-
          code=$?
          echo "end $n $code" >&\(Descriptor.steps)
          [ $code = 0 ] || exit $code
          n=$((n + 1))
        done
        """
    }
}
