package import Attempts

/// Who looks after instances: a small program for those in a sandbox of ours, and one that speaks
/// with a container engine for those of images.
package struct InstanceSupervisors: Sendable {
    let sandbox: String
    let container: String
    /// Removes what a killed supervisor has left at the engine; it may take long.
    let removeContainer: @Sendable (ContainerSpec, AttemptFolder) throws -> Void

    package init(
        sandbox: String, container: String,
        removeContainer: @escaping @Sendable (ContainerSpec, AttemptFolder) throws -> Void
    ) {
        self.sandbox = sandbox
        self.container = container
        self.removeContainer = removeContainer
    }

    /// Where there are no images.
    package init(sandbox: String) {
        self.init(sandbox: sandbox, container: sandbox) { _, _ in }
    }

    func program(for spec: InstanceSpec) -> String {
        spec.container == nil ? sandbox : container
    }
}
