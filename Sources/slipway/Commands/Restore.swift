import Store

enum Restore: Command {
    static let name = "restore"
    static let about = "put a backup in place, after it was found whole"
    static let flags = [Flag("--home", takesValue: true), Flag("--replace")]
    static let help = """
        slipway restore --home DIR [--replace] FILE

        Verifies the backup and puts it into the folder. What is there already is not touched unless
        '--replace' says so, and then it is kept beside it as 'slipway.db.replaced'. The server must
        not be running.

        Exit code 0: done; 2: a mistake in usage; 4: it could not be done.

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let home = try arguments.home()
        guard arguments.operands.count == 1, let file = arguments.operands.first else {
            throw UsageError(
                "one file is restored", hint: "write 'slipway restore --home DIR FILE'")
        }
        return hosted { () throws(StoreError) in
            let folder = try Home(holding: home)
            let report = try folder.restore(from: file, replacing: arguments.has("--replace"))
            Output.print("restored \(report.records) records\n")
            return ExitCode.success
        }
    }
}
