import Store

enum Rebuild: Command {
    static let name = "rebuild"
    static let about = "make all that lists and screens show anew from the record"
    static let flags = [Flag("--home", takesValue: true)]
    static let help = """
        slipway rebuild --home DIR

        Derives the tables of pipelines, executions, attempts and approvals again from the record,
        in one step: either all of them are new afterwards, or none. The record is not touched.
        The server must not be running.

        Exit code 0: done; 2: a mistake in usage; 4: it could not be done.

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let home = try arguments.home()
        try arguments.requireNoOperands()
        return hosted { () throws(StoreError) in
            let folder = try Home(holding: home)
            var store = try folder.existingStore()
            try store.rebuild()
            Output.print("rebuilt from \(store.head.sequence) records\n")
            return ExitCode.success
        }
    }
}
