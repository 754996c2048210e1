import Store

enum Backup: Command {
    static let words = CommandWords(
        "backup", "copy the record into one file, also while it is in use",
        forms: [Form(needs: [[.namedHome]], operands: [Operand("FILE", .file)])],
        prose: [
            "Copies the record as it is at one moment. The server may be running. The file must "
                + "not be there yet. The key that signs checkpoints, 'audit.key', is not in the "
                + "copy; keep one of it apart."
        ],
        examples: [
            .init("slipway backup --home .slipway slipway-monday.db", "makes a backup")
        ],
        exits: .usual)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let home = try arguments.home()
        guard arguments.operands.count == 1, let file = arguments.operands.first else {
            throw UsageError(
                "a backup goes into one file", hint: "write 'slipway backup --home DIR FILE'")
        }
        return hosted { () throws(StoreError) in
            let report = try Backups.make(of: home, at: file)
            Output.print("backed up \(Output.count(report.records, "record")) to \(file)\n")
            return ExitCode.success
        }
    }
}
