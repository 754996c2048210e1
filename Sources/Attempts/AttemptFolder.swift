/// The folder of one attempt: all that its supervisor and the rest of the house tell each other
/// lies in it. Making it claims the attempt; who finds it there does not begin.
package struct AttemptFolder: Hashable, Sendable {
    package let path: String

    /// The supervisor's exit code where it could not write a report.
    package static let noRoom: Int32 = 6

    package init(_ path: String) { self.path = path }

    /// What is to be done (`AttemptSpec`), written before the supervisor is started.
    package var spec: String { "\(path)/spec" }
    /// Held locked (`flock`) by the supervisor as long as it lives. Free and no result: lost.
    package var lock: String { "\(path)/lock" }
    /// What was printed, and beside it where each second and each step begins.
    package var log: String { "\(path)/log" }
    package var logIndex: String { "\(path)/log.index" }
    /// Made by whoever wants the attempt to end (`StopRequest`).
    package var stop: String { "\(path)/stop" }
    /// How it ended (`AttemptReport`): appears whole, by a rename, when every process is dead.
    package var report: String { "\(path)/report" }
    /// What the commands wrote, until it was collected: the upper layer of the workspace.
    package var workspace: String { "\(path)/workspace" }
    /// There if the workspace is a copy of its layers, and shows all that the commands saw.
    package var copied: String { "\(path)/copied" }
    /// The overlay's own, copies of inputs, and mount points.
    package var scratch: String { "\(path)/scratch" }
    /// How a supervisor and what runs in its container speak: pipes, scripts, a file for exports.
    package var channels: String { "\(path)/channels" }
    /// `NAME=value` lines that the commands wrote to `$SLIPWAY_EXPORTS`.
    package var exports: String { "\(path)/exports" }
}
