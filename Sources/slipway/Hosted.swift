import Store

extension Arguments {
    /// The folder that the server keeps.
    func home() throws(UsageError) -> String {
        guard let home = value(of: "--home") else {
            throw UsageError("no folder is named", hint: "add '--home DIR', the server's folder")
        }
        return home
    }
}

/// The same for what shows something and then is done.
func hostedUsage(_ body: () throws(StoreError) -> Void) throws(UsageError) -> Int32 {
    hosted { () throws(StoreError) in
        try body()
        return ExitCode.success
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
