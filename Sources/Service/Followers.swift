import Conductor
import Engine
import Store
import Watching

/// What something on the record leads to in other pipelines.
enum Followers {
    static func messages(after record: Record, in state: EngineState) -> [Message] {
        Successors.starts(after: record, in: state).map { start in
            Message(.start(start), by: .trigger(start.cause.word))
        }
    }
}
