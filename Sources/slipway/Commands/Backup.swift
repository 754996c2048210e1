import Client
import Store

enum Backup: Command {
    static let words = CommandWords(
        "backup", "copy the record into one file, also while it is in use",
        forms: [
            Form(
                takes: [.namedHome] + .ofServer, operands: [Operand("FILE", .file)])
        ],
        prose: [
            "Copies the record as it is at one moment. The server may be running. The file must "
                + "not be there yet. The key that signs checkpoints, 'audit.key', is not in the "
                + "copy; keep one of it apart.",
            "Without '--home' the record of a server is copied here; `slipway restore` verifies "
                + "it before it puts it in place.",
        ],
        examples: [
            .init("slipway backup --home .slipway slipway-monday.db", "makes a backup"),
            .init("slipway backup --server https://ci.example.org monday.db", "of a server"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        guard arguments.operands.count == 1, let file = arguments.operands.first else {
            throw UsageError(
                "a backup goes into one file", hint: "write 'slipway backup --home DIR FILE'")
        }
        if let code = askingIfMeant(
            arguments, Self.self,
            { remote throws(ClientError) in try RemoteBackup.make(remote, at: file) })
        {
            return code
        }
        let home = try arguments.home()
        return hosted { () throws(StoreError) in
            let report = try Backups.make(of: home, at: file)
            Output.print("backed up \(Output.count(report.records, "record")) to \(file)\n")
            return ExitCode.success
        }
    }
}
