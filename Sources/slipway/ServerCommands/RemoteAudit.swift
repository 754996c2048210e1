import Client
import HTTP
import JSON
import Pipelines

/// `slipway audit` of a server's record.
enum RemoteAudit {
    static func verify(_ remote: Remote) throws(ClientError) -> Int32 {
        var call = ServerCall(.get, "audit", "verification")
        // A long record takes its time to be read.
        call.longestSilence = 3_600
        let told = try remote.client.told(VerdictWords.self, call)
        let verdict = told.value
        if remote.face.isJSON {
            Output.print(told.line + "\n")
        } else if verdict.clean {
            let records = Output.count(verdict.records ?? 0, "record")
            Output.print(
                """
                clean, says \(remote.client.address): \(records)
                  head    \(Report.visible(verdict.hash ?? "-"))
                  signed  \(verdict.signed ?? 0)

                """)
        } else {
            Output.print("tampered with: \(Report.visible(verdict.fault ?? ""))\n")
        }
        return verdict.clean ? ExitCode.success : ExitCode.failure
    }

    static func list(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let limit = try arguments.limit(orElse: 50)
        let after = arguments.value(of: "--after")
        guard after == nil || after.flatMap({ Int($0) }) != nil else {
            throw UsageError("'--after' is no number", hint: "write '--after 1000'")
        }
        return asking(arguments, AuditCommand.self) { remote throws(ClientError) in
            let listing = try remote.client.list(
                RecordWords.self, path: ["audit"], after: after, atMost: limit)
            remote.face.show(listing, empty: "there are no more records") { records in
                var table = Table("RECORD", "WHEN", "BY", "WHAT", "OF")
                for record in records {
                    table.add(
                        .init("\(record.sequence)"), .init(remote.face.ago(record.at)),
                        .init(record.by), .init(record.event),
                        .init(record.details.execution ?? record.details.pipeline ?? ""))
                }
                return table
            }
            return ExitCode.success
        }
    }
}
