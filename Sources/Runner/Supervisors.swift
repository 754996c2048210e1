import Pipelines

/// The programs that look after an attempt: one for sandboxes, small and static, and one that
/// speaks with container engines.
package struct Supervisors: Hashable, Sendable {
    package let process: String
    package let container: String

    package init(process: String, container: String) {
        self.process = process
        self.container = container
    }

    func program(for kind: RunnerProfile.Kind) -> String {
        switch kind {
        case .process: process
        case .docker: container
        }
    }
}
