import Glibc
import Premises
import Sandbox

enum DoctorCommand: Command {
    static let words = CommandWords(
        "doctor", "say what this machine has and lacks for running actions",
        forms: [Form()],
        prose: [
            "Looks at what a sandbox needs, and tries it. Each line begins with 'ok', with 'LACK' "
                + "where no action can run without it, or with 'less' where actions run with less "
                + "isolation or without some limit. Below what is missing stands what to do."
        ],
        examples: [.init("slipway doctor", "what to run first on a new machine")],
        exits: [
            .init(ExitCode.success, "actions can run here"),
            .init(ExitCode.usage, "a mistake in usage"),
            .init(ExitCode.host, "they cannot"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try arguments.requireNoOperands()
        let (facts, socket) = (HostFacts.look(), Profiles.standardSocket)
        let findings =
            Diagnosis.of(facts) + EngineDiagnosis.of(socket)
            + [BuilderDiagnosis.of(facts, engine: socket)]
        for finding in findings {
            let mark = finding.isFine ? "ok  " : finding.isNeeded ? "LACK" : "less"
            let lines =
                Wrapping.lines(finding.what, indent: 6)
                + (finding.cure.map { Wrapping.lines($0, indent: 6) } ?? [])
            let text = lines.joined(separator: "\n")
            Output.print("\(mark)  \(text.dropFirst(6))\n")
        }
        return findings.contains { !$0.isFine && $0.isNeeded } ? ExitCode.host : ExitCode.success
    }
}
