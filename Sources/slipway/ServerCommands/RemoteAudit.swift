import Client
import JSON
import Pipelines

/// `slipway audit` of a server's record.
enum RemoteAudit {
    static func verify(_ remote: Remote) throws(ClientError) -> Int32 {
        let told = try remote.client.get(AuditVerdict.self, "audit", "verification")
        let verdict = told.value
        if remote.face.isJSON {
            Output.print(told.line + "\n")
        } else if verdict.clean {
            let records = Output.count(verdict.records ?? 0, "record")
            let checkpoints = Output.count(verdict.checkpoints ?? 0, "checkpoint")
            Output.print("clean, says \(remote.client.address): \(records), \(checkpoints)\n")
            Output.print("  head    \(Report.visible(verdict.head ?? "-"))\n")
        } else {
            let place = verdict.record.map { "record \($0): " } ?? ""
            Output.print("tampered with: \(place)\(Report.visible(verdict.detail ?? ""))\n")
        }
        return verdict.clean ? ExitCode.success : ExitCode.failure
    }

    static func list(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let limit = try arguments.limit(orElse: 50)
        return asking(arguments, AuditCommand.self) { remote throws(ClientError) in
            let listing = try remote.client.list(AuditWords.self, "audit", atMost: limit)
            remote.face.show(listing, empty: "there are no records") { records in
                var table = Table("RECORD", "WHEN", "BY", "WHAT", "OF")
                for record in records {
                    table.add(
                        .init("\(record.sequence)"), .init(remote.face.ago(record.at)),
                        .init(record.by ?? ""), .init(record.event ?? ""),
                        .init(record.execution ?? record.pipeline ?? ""))
                }
                return table
            }
            return ExitCode.success
        }
    }
}
