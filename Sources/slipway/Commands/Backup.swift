import Store

enum Backup: Command {
    static let name = "backup"
    static let about = "copy the record into one file, while the server runs"
    static let flags = [Flag("--home", takesValue: true)]
    static let help = """
        slipway backup --home DIR FILE

        Copies the database as it is at one moment. The server may be running. The file must not be
        there yet. The signing key 'audit.key' is not in it; keep that apart.

        Exit code 0: done; 2: a mistake in usage; 4: it could not be done.

        """

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
