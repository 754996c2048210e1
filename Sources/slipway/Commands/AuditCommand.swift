import Cryptography
import Glibc
import JSON
import Store

enum AuditCommand: Command {
    private static let json = Flag(
        "--json", "print one JSON object: the verdict, or a record a line")
    private static let witness = Flag(
        "--witness", "FILE", .file,
        "a copy of the checkpoints, kept elsewhere; 'checkpoint' adds to it, and only by it can "
            + "'verify' tell that the end of the record was cut off with its checkpoints")

    static let words = CommandWords(
        "audit", "verify, export or sign the record of everything that happened",
        forms: [
            Form(
                "verify",
                "reads all of it and names the first record that is altered, swapped, missing, cut "
                    + "off, different from what was signed, or covered by a forged checkpoint. It "
                    + "changes nothing. With a folder it needs no server; without one, the server "
                    + "is asked to verify its own.",
                takes: [
                    .namedHome,
                    Flag("--export", "DIR", .folder, "a folder that 'export' has written"),
                    Flag(
                        "--key", "FILE", .file,
                        "the public key, from where you keep it; without it the key beside the "
                            + "record is used, which whoever altered the record may have replaced"),
                    witness, json,
                ] + .ofServer),
            Form(
                "list", "shows a server's records in their order.",
                takes: [.limit, Flag("--after", "N", .text, "begin after this record")] + .ofServer
                    + [json]),
            Form(
                "export",
                "writes records, checkpoints and the public key into a new folder, to be verified "
                    + "elsewhere, by this command or by any other.",
                needs: [[.namedHome]], operands: [Operand("FOLDER", .folder)]),
            Form(
                "checkpoint",
                "signs the record as it is now. No server and no run may be using it.",
                needs: [[.namedHome]], takes: [witness]),
        ],
        prose: [
            "Every record carries the hash of the one before it, and signed checkpoints say how "
                + "many records there are and how they end. So nobody can alter what has happened "
                + "without its being noticed."
        ],
        examples: [
            .init("slipway audit verify --home .slipway", "is the record whole?"),
            .init(
                "slipway audit export --home .slipway evidence",
                "makes a folder that an auditor can verify without Slipway"),
        ],
        exits: [
            .init(ExitCode.success, "done; for 'verify': nothing was altered"),
            .init(ExitCode.failure, "tampered with"),
            .init(ExitCode.usage, "a mistake in usage"),
            .init(ExitCode.host, "it could not be read or written"),
            .init(ExitCode.server, "the server refused, or could not be reached"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let verbs = ["verify", "list", "export", "checkpoint"]
        guard let verb = arguments.operands.first, verbs.contains(verb) else {
            throw UsageError(
                "audit does one of 'verify', 'list', 'export' or 'checkpoint'",
                hint: "write 'slipway audit verify --home DIR'")
        }
        switch verb {
        case "verify": return try verify(arguments)
        case "list": return try RemoteAudit.list(arguments)
        case "export": return try export(arguments)
        default: return try checkpoint(arguments)
        }
    }

    private static func verify(_ arguments: Arguments) throws(UsageError) -> Int32 {
        if let code = askingIfMeant(arguments, Self.self, RemoteAudit.verify) { return code }
        let home = arguments.value(of: "--home")
        let folder = arguments.value(of: "--export")
        guard (home == nil) != (folder == nil) else {
            throw UsageError(
                "either a record or an export of one is verified",
                hint: "give '--home DIR', '--export DIR' or '--server URL'")
        }
        return hosted { () throws(StoreError) in
            let key = try key(arguments)
            let witness = arguments.value(of: "--witness")
            let verdict =
                if let folder {
                    try Audit.verify(export: folder, key: key, witness: witness)
                } else {
                    try Audit.verify(home: home ?? "", key: key, witness: witness)
                }
            return verdict.say(asJSON: arguments.has("--json"))
        }
    }

    private static func key(_ arguments: Arguments) throws(StoreError) -> VerifyingKey? {
        guard let path = arguments.value(of: "--key") else { return nil }
        guard let key = try Audit.publicKey(at: path) else {
            throw StoreError(
                .notFound, "read the key '\(path)'", problem: "it is not there",
                hint: "name the file that holds the public key")
        }
        return key
    }

    private static func export(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let home = try arguments.home()
        guard arguments.operands.count == 2 else {
            throw UsageError(
                "an export goes into one new folder",
                hint: "write 'slipway audit export --home DIR FOLDER'")
        }
        return hosted { () throws(StoreError) in
            let count = try Audit.export(home: home, to: arguments.operands[1])
            Output.print("exported \(Output.count(count, "record")) to \(arguments.operands[1])\n")
            return ExitCode.success
        }
    }

    private static func checkpoint(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let home = try arguments.home()
        return hosted { () throws(StoreError) in
            let folder = try Home(holding: home)
            var store = try folder.existingStore(
                witness: arguments.value(of: "--witness").map(Witness.init))
            let checkpoint = try store.sign(at: Int64(time(nil)) * 1_000)
            Output.print("\(checkpoint.line)\n")
            return ExitCode.success
        }
    }
}
