import Store

enum Rebuild: Command {
    static let words = CommandWords(
        "rebuild", "make the tables behind all lists anew from the record",
        forms: [Form(needs: [[.namedHome]])],
        prose: [
            "Derives the tables of pipelines, executions, attempts and approvals again from the "
                + "record, in one step: either all of them are new afterwards, or none. The record "
                + "is not touched. No server and no run may be using it."
        ],
        examples: [
            .init("slipway rebuild --home .slipway", "mends what `slipway history` shows")
        ],
        exits: .usual)

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
