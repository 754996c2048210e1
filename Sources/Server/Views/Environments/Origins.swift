import Deployment
import Engine
import Pipelines
import Store

/// The executions that have brought what is or was in an environment, as the archive knows them.
struct Origins {
    private static let mostApprovals = 50

    struct Origin {
        let id: ExecutionID
        let row: History.Execution
        /// What people have approved on its way.
        let approvals: [History.Approval]
    }

    private var origins: [ExecutionID: Origin] = [:]

    /// Of those releases that are known, and of these deployments.
    init(
        of environment: EnvironmentState, _ past: [PastDeployment], in archive: borrowing Archive
    ) throws(StoreError) {
        let known = environment.history.filter { environment.site.releases[$0.release] != nil }
        for deployment in known + past {
            guard let id = deployment.attempt?.visit.execution, origins[id] == nil else { continue }
            let pipeline = id.pipeline.description
            guard let row = try archive.execution(id.number, of: pipeline) else { continue }
            let approvals = try archive.approvals(
                of: pipeline, id.number, limit: Self.mostApprovals)
            origins[id] = Origin(
                id: id, row: row, approvals: approvals.filter { $0.status == "approved" })
        }
    }

    subscript(attempt: AttemptID?) -> Origin? { attempt.flatMap { origins[$0.visit.execution] } }
}
