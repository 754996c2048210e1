import Store

extension Arguments {
    /// The folder with the record, which has to be named.
    func home() throws(UsageError) -> String {
        guard let home = value(of: "--home") else {
            throw UsageError(
                "no folder is named", hint: "add '--home DIR', the folder with the record")
        }
        return home
    }
}

/// Runs what needs the host's disk, and says what it could not do.
func hosted(_ body: () throws(StoreError) -> Int32) -> Int32 {
    do throws(StoreError) {
        return try body()
    } catch {
        Output.error("slipway: \(error)\n")
        return ExitCode.host
    }
}

/// Says that what a command was asked for is not there.
func notThere(
    _ problem: String, _ command: any Command.Type,
    hint: String = "`slipway history` lists all there are"
) -> Int32 {
    Output.error("slipway \(command.words.name): \(problem)\n  hint: \(hint)\n")
    return ExitCode.host
}
