package import Attempts

/// How a service is run in its sandbox: its script is the first step, and the second, if there is
/// one, is what finds out whether it is well.
extension ServiceSpec {
    package var isCheckedInside: Bool {
        if case .command = health.kind { true } else { false }
    }

    /// The exit code by which `timeout` says that it has ended a check, and the one where that took
    /// a signal that cannot be ignored.
    package static let timeoutCodes: Set<Int> = [124, 137]

    var command: [String] {
        isCheckedInside
            ? ["/bin/sh", "-c", checked] : ["/bin/sh", "-eu", SandboxPlan.step(0)]
    }

    /// Who checks is no child of the service, which might wait for all that it has.
    private var checked: String {
        let seconds = "\(health.timeoutMilliseconds / 1_000)"
        let rest = "\(1_000 + health.timeoutMilliseconds % 1_000)".dropFirst()
        let (told, asked) = (SandboxPlan.Descriptor.steps, SandboxPlan.Descriptor.checks)
        return """
            ( ( while read -r line <&\(asked); do
              timeout -k 1 \(seconds).\(rest) \
            /bin/sh -eu \(SandboxPlan.step(1)) \(told)>&- \(asked)<&- </dev/null
              echo "checked $?" >&\(told)
            done ) & )
            exec /bin/sh -eu \(SandboxPlan.step(0)) \(told)>&- \(asked)<&-
            """
    }
}
