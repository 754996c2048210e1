import Assignments
import Pipelines

/// The programs that look after an attempt: one for sandboxes, small and static, one that speaks
/// with container engines, and one that builds images and speaks with registries.
package struct Supervisors: Hashable, Sendable {
    package let process: String
    package let container: String
    package let image: String

    package init(process: String, container: String, image: String) {
        self.process = process
        self.container = container
        self.image = image
    }

    func program(for assignment: Assignment, on kind: RunnerProfile.Kind) -> String {
        if assignment.order != nil { return image }
        return switch kind {
        case .process: process
        case .docker: container
        }
    }
}
