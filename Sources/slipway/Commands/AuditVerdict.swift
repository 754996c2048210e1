import JSON
import Store

extension Audit.Verdict {
    /// Prints it, and gives the exit code that says the same.
    func say(asJSON: Bool) -> Int32 {
        switch self {
        case .clean(let report):
            let records = Output.count(report.records, "record")
            let checkpoints = Output.count(report.checkpoints, "checkpoint")
            let clock =
                report.clockSetBack == 0
                ? "never set back" : "set back " + Output.count(report.clockSetBack, "time")
            let unsigned = report.records - report.signed
            let signed =
                switch (report.signed, unsigned) {
                case (0, _): "nothing yet; `slipway audit checkpoint` does it"
                case (_, 0): "all of it"
                default: "up to record \(report.signed), not the \(unsigned) after it"
                }
            Output.print(
                asJSON
                    ? report.json.text + "\n"
                    : """
                    clean: \(records), \(checkpoints)
                      head    \(report.hash)
                      signed  \(signed)
                      clock   \(clock)

                    """)
            return ExitCode.success
        case .tampered(let fault):
            let json: JSON = [
                "clean": false, "kind": .string(fault.kind.rawValue),
                "record": .int(fault.sequence), "detail": .string(fault.detail),
            ]
            Output.print(asJSON ? json.text + "\n" : "tampered with: \(fault)\n")
            return ExitCode.failure
        }
    }
}

extension AuditReport {
    fileprivate var json: JSON {
        [
            "clean": true, "records": .int(records), "head": .string(hash),
            "checkpoints": .int(checkpoints), "signed": .int(signed),
            "clockSetBack": .int(clockSetBack),
        ]
    }
}
