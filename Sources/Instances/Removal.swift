import Attempts
import Dispatch
import Synchronization

/// A container without a supervisor, on its way out: until the engine has removed it, nobody can
/// say that it is gone.
final class Removal: Sendable {
    private static let pause = Duration.seconds(1)

    private struct Progress {
        var isDone = false
        var isUnderWay = false
        var problem: String?
        var triesAgain = ContinuousClock.now
    }

    private let container: ContainerSpec
    private let folder: AttemptFolder
    private let remove: @Sendable (ContainerSpec, AttemptFolder) throws -> Void
    private let progress = Mutex(Progress())

    init(
        of container: ContainerSpec, for folder: AttemptFolder,
        by remove: @escaping @Sendable (ContainerSpec, AttemptFolder) throws -> Void
    ) {
        self.container = container
        self.folder = folder
        self.remove = remove
    }

    var isDone: Bool { progress.withLock { $0.isDone } }

    func words(_ cause: String) -> String {
        progress.withLock { $0.problem }.map { "\(cause); its container cannot be ended: \($0)" }
            ?? cause
    }

    /// Has another try, unless there was one a moment ago.
    func go(on queue: DispatchQueue, then tell: @escaping @Sendable () -> Void) {
        let isDue = progress.withLock { progress in
            guard !progress.isUnderWay, !progress.isDone, progress.triesAgain <= .now else {
                return false
            }
            progress.isUnderWay = true
            return true
        }
        guard isDue else { return }
        queue.async { [self] in
            let result = Result { try remove(container, folder) }
            progress.withLock { progress in
                progress.isUnderWay = false
                progress.triesAgain = .now + Self.pause
                switch result {
                case .success: progress.isDone = true
                case .failure(let error): progress.problem = "\(error)"
                }
            }
            tell()
        }
    }
}
