/// How an attempt ended, as its supervisor saw it.
package struct AttemptReport: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        case succeeded
        /// The commands ended with this code. A shell says 128 + n where signal n ended a command.
        case exited(code: Int)
        case signalled(Int)
        case timedOut
        case outOfMemory
        /// Which, in the words of the definition: `processes`, `disk`, `output`.
        case overLimit(String)
        case stopped
        /// What it printed could not be kept; the reason is for people.
        case logLost(String)
        /// What was to be done beside commands did not succeed; the reason is for people.
        case unsuccessful(String)
        /// No command was run; the reason is for people.
        case couldNotStart(String)
        /// Nobody can tell any more how it ended, because who ran it went away; the reason is for
        /// people.
        case lost(String)
    }

    package struct Step: Hashable, Sendable {
        package let index: Int
        package let milliseconds: Int
        package let code: Int

        package init(index: Int, milliseconds: Int, code: Int) {
            self.index = index
            self.milliseconds = milliseconds
            self.code = code
        }
    }

    package let end: End
    /// Milliseconds since 1970 by the machine's clock, and how long it took by one that never
    /// jumps.
    package let startedAt: Int
    package let milliseconds: Int
    package let cpuMilliseconds: Int
    package let peakMemory: Int
    package let logBytes: Int
    /// Output beyond the limit, which the log does not have.
    package let droppedBytes: Int
    package let steps: [Step]

    package init(
        end: End, startedAt: Int, milliseconds: Int, cpuMilliseconds: Int = 0,
        peakMemory: Int = 0, logBytes: Int = 0, droppedBytes: Int = 0, steps: [Step] = []
    ) {
        self.end = end
        self.startedAt = startedAt
        self.milliseconds = milliseconds
        self.cpuMilliseconds = cpuMilliseconds
        self.peakMemory = peakMemory
        self.logBytes = logBytes
        self.droppedBytes = droppedBytes
        self.steps = steps
    }

    package var withoutSteps: Self {
        Self(
            end: end, startedAt: startedAt, milliseconds: milliseconds,
            cpuMilliseconds: cpuMilliseconds, peakMemory: peakMemory, logBytes: logBytes,
            droppedBytes: droppedBytes)
    }
}

extension AttemptReport {
    package var fields: Fields {
        var fields = Fields()
        switch end {
        case .succeeded: fields.add("end", "succeeded")
        case .exited(let code):
            fields.add("end", "exited")
            fields.add("code", code)
        case .signalled(let signal):
            fields.add("end", "signalled")
            fields.add("signal", signal)
        case .timedOut: fields.add("end", "timed-out")
        case .outOfMemory: fields.add("end", "out-of-memory")
        case .overLimit(let which):
            fields.add("end", "over-limit")
            fields.add("which", which)
        case .stopped: fields.add("end", "stopped")
        case .logLost(let why):
            fields.add("end", "log-lost")
            fields.add("why", why)
        case .unsuccessful(let why):
            fields.add("end", "unsuccessful")
            fields.add("why", why)
        case .couldNotStart(let why):
            fields.add("end", "could-not-start")
            fields.add("why", why)
        case .lost(let why):
            fields.add("end", "lost")
            fields.add("why", why)
        }
        fields.add("started-at", startedAt)
        fields.add("milliseconds", milliseconds)
        fields.add("cpu-milliseconds", cpuMilliseconds)
        fields.add("peak-memory", peakMemory)
        fields.add("log-bytes", logBytes)
        fields.add("dropped-bytes", droppedBytes)
        for step in steps {
            var part = Fields()
            part.add("index", step.index)
            part.add("milliseconds", step.milliseconds)
            part.add("code", step.code)
            fields.add("step", part)
        }
        return fields
    }

    package init(_ fields: Fields) throws(FieldError) {
        var steps: [Step] = []
        for part in try fields.parts("step") {
            steps.append(
                Step(
                    index: try part.number("index"), milliseconds: try part.number("milliseconds"),
                    code: try part.number("code")))
        }
        self.init(
            end: try End(fields), startedAt: try fields.number("started-at"),
            milliseconds: try fields.number("milliseconds"),
            cpuMilliseconds: try fields.number("cpu-milliseconds"),
            peakMemory: try fields.number("peak-memory"),
            logBytes: try fields.number("log-bytes"),
            droppedBytes: try fields.number("dropped-bytes"), steps: steps)
    }
}

extension AttemptReport.End {
    fileprivate init(_ fields: Fields) throws(FieldError) {
        switch try fields.text("end") {
        case "succeeded": self = .succeeded
        case "exited": self = .exited(code: try fields.number("code"))
        case "signalled": self = .signalled(try fields.number("signal"))
        case "timed-out": self = .timedOut
        case "out-of-memory": self = .outOfMemory
        case "over-limit": self = .overLimit(try fields.text("which"))
        case "stopped": self = .stopped
        case "log-lost": self = .logLost(try fields.text("why"))
        case "unsuccessful": self = .unsuccessful(try fields.text("why"))
        case "could-not-start": self = .couldNotStart(try fields.text("why"))
        case "lost": self = .lost(try fields.text("why"))
        case let other: throw FieldError("'\(other)' is no end of an attempt")
        }
    }
}

/// The content of the file `stop`.
package enum StopRequest: String, Sendable {
    /// Tells a supervisor to look for one: SIGUSR1.
    package static let signal: Int32 = 10

    /// `SIGTERM`, the grace of the limits, `SIGKILL`.
    case gently = "stop"
    case atOnce = "kill"
}
