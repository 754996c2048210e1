import Store

enum Restore: Command {
    static let words = CommandWords(
        "restore", "put a backup in place, after it was found whole",
        forms: [
            Form(
                needs: [[.namedHome]],
                takes: [
                    Flag(
                        "--replace",
                        "replace the record that is there; it is kept as 'slipway.db.replaced'")
                ],
                operands: [Operand("FILE", .file)])
        ],
        prose: [
            "Verifies the backup and puts it into the folder, which is made if it is not there. "
                + "What is there already is not touched without '--replace'. No server and no run "
                + "may be using the folder."
        ],
        examples: [
            .init("slipway restore --home new-home slipway-monday.db", "restores into a new folder")
        ],
        exits: .usual)

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
