import Glibc
import Sandbox

enum DoctorCommand: Command {
    static let name = "doctor"
    static let about = "say what this machine has and lacks for running actions"
    static let flags: [Flag] = []
    static let help = """
        slipway doctor

        Looks at what a sandbox needs, tries it, and tells for each thing that is missing the
        command that mends it.

        Exit code 0: actions can run here; 4: they cannot.

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try arguments.requireNoOperands()
        let findings = Diagnosis.of(HostFacts.look())
        for finding in findings {
            let mark = finding.isFine ? "ok  " : finding.isNeeded ? "LACK" : "less"
            Output.print("\(mark)  \(finding.what)\n")
            if let cure = finding.cure { Output.print("      \(cure)\n") }
        }
        return findings.contains { !$0.isFine && $0.isNeeded } ? ExitCode.host : ExitCode.success
    }
}
