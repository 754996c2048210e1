import Cryptography
import Glibc
import Images
import Synchronization
import Tar
import Threads

/// Makes of layers as they lie in an archive such as registries have them, several at once, by
/// threads that end with it.
final class LayerWorkshop: Sendable {
    private static let mostWorkers = 4

    /// A layer as a registry is to have it.
    struct Layer: Sendable {
        let descriptor: Descriptor
        /// Nothing where the registry has it already.
        let place: FilePlace?
    }

    private struct State: Sendable {
        var waiting: [PlainLayer]
        var made: [Digest: Layer]
        var fresh: [Layer] = []
        var underWay = 0
        var problem: ArchiveProblem?

        var isOver: Bool { problem != nil || waiting.isEmpty && underWay == 0 }
    }

    private final class Bench: Sendable {
        let state: Mutex<State>
        let bell: Bell
        let isDeserted = Atomic(false)

        init(_ state: State, _ bell: Bell) {
            self.state = Mutex(state)
            self.bell = bell
        }
    }

    private let bench: Bench
    private let workers: [OwnThread]
    /// How many layers are made.
    let count: Int

    var bell: Bell { bench.bell }

    /// `known` are layers by their content that need not be made. One that is there twice is made
    /// once.
    init(
        _ layers: [PlainLayer], known: [Digest: Descriptor], _ press: LayerPress
    ) throws {
        let bench = Bench(
            State(
                waiting: Self.order(layers, without: known),
                made: known.mapValues { Layer(descriptor: $0, place: nil) }),
            try Bell())
        self.bench = bench
        count = bench.state.withLock { $0.waiting.count }
        let hands = min(Self.mostWorkers, count, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        workers = try (0..<hands).map { _ in try OwnThread { Self.work(bench, press) } }
        bench.bell.ring()
    }

    deinit {
        bench.isDeserted.store(true, ordering: .relaxed)
        for worker in workers { worker.join() }
    }

    /// The largest first, so that no thread is left alone with it at the end.
    private static func order(
        _ layers: [PlainLayer], without known: [Digest: Descriptor]
    ) -> [PlainLayer] {
        var seen = Set(known.keys)
        return layers.filter { seen.insert($0.content).inserted }
            .sorted { ($0.place.size, $1.number) > ($1.place.size, $0.number) }
    }

    private static func work(_ bench: Bench, _ press: LayerPress) {
        while let layer = take(from: bench) {
            let result = Result { () throws(ArchiveProblem) in
                try press.layer(layer) { bench.isDeserted.load(ordering: .relaxed) }
            }
            bench.state.withLock { state in
                state.underWay -= 1
                switch result {
                case .success(let made):
                    state.made[layer.content] = made
                    state.fresh.append(made)
                case .failure(let problem): state.problem = state.problem ?? problem
                }
            }
            bench.bell.ring()
        }
    }

    private static func take(from bench: Bench) -> PlainLayer? {
        bench.state.withLock { state in
            guard state.problem == nil, !state.waiting.isEmpty else { return nil }
            state.underWay += 1
            return state.waiting.removeFirst()
        }
    }

    /// What has been made since this was asked last; nothing once there will be no more.
    func next() throws(ArchiveProblem) -> [ImageBlob]? {
        bench.bell.hush()
        let (fresh, isOver, problem) = bench.state.withLock { state in
            let fresh = state.fresh
            state.fresh = []
            return (fresh, state.isOver, state.problem)
        }
        if let problem { throw problem }
        if fresh.isEmpty, isOver { return nil }
        if isOver { bench.bell.ring() }
        return fresh.compactMap { layer in
            layer.place.map { place in ImageBlob(layer.descriptor, isSure: true) { place } }
        }
    }

    /// All layers by their content, when the last is made.
    func all() throws(ArchiveProblem) -> [Digest: Layer] {
        for worker in workers { worker.join() }
        let (made, problem) = bench.state.withLock { ($0.made, $0.problem) }
        if let problem { throw problem }
        return made
    }
}
