import Engine
import Pipelines
import Store

/// A pipeline as it is shown.
struct ShownPipeline {
    /// More sentences than this help nobody; the executions themselves say the rest.
    private static let mostWaiting = 20

    let pipeline: PipelineState
    let version: PipelineState.Version
    let last: History.Execution?
    let call: Call
    let notes: [DefinitionNote]

    private var definition: Definition { version.definition }

    private var waiting: [ShownReason] {
        Array(
            pipeline.live.lazy.flatMap { call.why($0.id) }
                .filter { $0.reason.waitsFor != "it is running" }.prefix(Self.mostWaiting))
    }

    private var doors: [ShownDoor] {
        definition.stages.map { stage in
            ShownDoor(
                name: stage.name, state: pipeline.stages[stage.name],
                holders: pipeline.holders(of: stage.name).map { "\($0.id)" },
                pipeline: pipeline.name)
        }
    }

    static let summary = View<ShownPipeline>(
        "PipelineSummary", "A pipeline, in a line.",
        [
            .text("name", "Its name.") { $0.pipeline.name.description },
            .optionalText("about", "What it is for.") { $0.definition.about },
            .count("version", "The version of its definition.") { $0.version.number },
            .word(
                "mode", "How its executions meet.",
                among: ExecutionMode.allCases.map(\.rawValue)
            ) { $0.definition.mode.rawValue },
            .count("live", "How many executions have not ended.") { shown in
                shown.pipeline.live.reduce(0) { count, _ in count + 1 }
            },
            .optional("last", "The newest execution.", of: executionSummary) { $0.last },
            .list("waiting", "What waits, and for what.", of: ShownReason.view) { $0.waiting },
            .list("closed", "Transitions that are closed.", of: ShownDoor.view) { shown in
                shown.doors.filter { $0.state?.closed != nil }
            },
            .texts("environments", "The environments that it changes, by name.") { shown in
                Set(shown.definition.stages.flatMap(\.environments)).sorted().map(\.description)
            },
            .texts("problems", "Why it is not as its repository has it; nothing if it is.") {
                $0.notes.map(\.sentence)
            },
        ])

    static let view = View<ShownPipeline>(
        "Pipeline", "A pipeline.",
        summary.members + [
            .word("priority", "How soon it is served.", among: Priority.allCases.map(\.rawValue)) {
                $0.definition.priority.rawValue
            },
            .list("stages", "Its stages, with the transitions into them.", of: ShownDoor.view) {
                $0.doors
            },
            .list("sources", "Where its revisions come from.", of: ShownSource.view) { shown in
                shown.definition.sources.map {
                    ShownSource(source: $0, latest: shown.pipeline.sources[$0.name]?.latest)
                }
            },
            .list("variables", "What is chosen when it is started.", of: variableView) {
                $0.definition.variables
            },
        ])
}

struct ShownDoor {
    let name: StageName
    let state: StageState?
    let holders: [String]
    let pipeline: PipelineName

    static let view = View<ShownDoor>(
        "Transition", "A stage of a pipeline, and the door into it.",
        [
            .text("stage", "The stage.") { $0.name.description },
            .truth("open", "Whether executions are let in.") { $0.state?.closed == nil },
            .optionalText("reason", "Why it is closed.") { $0.state?.closed?.reason },
            .optionalText("by", "Who closed it.") { $0.state?.closed?.by },
            .texts("holders", "The executions that are in the stage.") { $0.holders },
            .optionalText("succeeded", "The last execution that succeeded in it.") { door in
                door.state?.successes.last.map { "\(door.pipeline)/\($0)" }
            },
        ])
}

struct ShownSource {
    let source: Source
    let latest: Revision?

    static let view = View<ShownSource>(
        "Source", "A source of a pipeline.",
        [
            .text("name", "Its name.") { $0.source.name.description },
            .optionalText("git", "Where its repository is; nothing if it is an image.") {
                $0.source.git?.address
            },
            .optionalText("image", "The tag that is watched, as `REPOSITORY:TAG`.") { shown in
                shown.source.image.map { "\($0)" }
            },
            .optional("latest", "What was last seen of it.", of: revisionView) { $0.latest },
        ])
}

private let variableView = View<Variable>(
    "Variable", "A value that is chosen when an execution starts.",
    [
        .text("name", "Its name.") { $0.name.description },
        .optionalText("about", "What it is for.") { $0.about },
        .optionalText("default", "What it is if nobody says; without one it has to be given.") {
            $0.standard
        },
        .texts("choices", "What it can be; anything if there are none.") { $0.choices },
    ])
